// Codes by mail: which one was sent last, what it proves, and the form to enter it.
import type { Interaction, Verification } from "../experience/state";
import { type Html, html } from "./html";

type Found = [id: string, verification: Verification];

function newest({ state }: Interaction, wanted: (verification: Verification) => boolean): Found | undefined {
  return Object.entries(state.verifications).findLast(([, verification]) => wanted(verification));
}

export const sentCode = (interaction: Interaction) => newest(interaction, ({ type }) => type === "code");

/** What the person has shown about an address: the code that was sent to it, or a one-time token. */
export const proof = (interaction: Interaction) =>
  newest(interaction, (it) => it.type === "one-time-token" || (it.type === "code" && it.verified));

export const emailOf = (found: Found | undefined) => (found && "email" in found[1] ? found[1].email : undefined);

interface CodeForm {
  email: string;
  action: string;
  /** Hidden fields of the form that sends a new code, and where it goes. */
  again: Html;
  againAt: string;
  typed: string;
}

/** The code itself is never on the page: it proves that somebody reads the address's mail. */
export const codeForm = ({ email, action, again, againAt, typed }: CodeForm): Html =>
  html`<form method="post" action="${action}">
      <p>
        We sent a code to <strong>${email}</strong>. You find it in the
        <a href="/emulator/outbox" target="_blank">outbox of the emulator</a>.
      </p>
      <label for="code">Code</label>
      <input id="code" name="code" value="${typed}" inputmode="numeric" autocomplete="one-time-code" required />
      <button>Continue</button>
    </form>
    <form method="post" action="${againAt}">${again} <button class="plain">Send a new code</button></form>`;
