// Registration in three steps: the address, the code that proves it, then name and password.
import express, { type Response, type Router } from "express";
import { clientOf } from "../experience/api";
import type { Interaction, Verification } from "../experience/state";
import { LogtoError } from "../errors";
import { readSignInExperience } from "../settings/sign-in-experience";
import { alert, field, sentence, show } from "./forms";
import { type Html, html } from "./html";
import { type PageParts, applicationName, formTargets, goOn, handler } from "./sign-in";

interface Shown {
  fault?: string | undefined;
  status?: number;
  typed?: string;
}

/** The proof of the address that the registration stands on, newest first. */
function newest(interaction: Interaction, proves: (verification: Verification) => boolean) {
  return Object.entries(interaction.state.verifications).findLast(([, verification]) => proves(verification));
}
const sentCode = (interaction: Interaction) => newest(interaction, ({ type }) => type === "code");
const proof = (interaction: Interaction) =>
  newest(interaction, (it) => it.type === "one-time-token" || (it.type === "code" && it.verified));

export function registerPages(parts: PageParts): Router {
  const { store, interactions, experience } = parts;
  const router = express.Router();

  function page(
    response: Response,
    interaction: Interaction,
    title: string,
    { fault, status = 200 }: Shown,
    form: Html,
  ) {
    const body = html`<h1>${title}</h1>
      <p class="quiet">for ${applicationName(store, interaction)}</p>
      ${alert(fault)} ${form}
      <p>Have an account? <a href="/sign-in">Sign in</a></p>`;
    show(response, { title, body, status, formTargets: formTargets(interaction) });
  }

  function showAddress(response: Response, interaction: Interaction, { typed = "", ...shown }: Shown = {}) {
    const { signUp, signInMode } = readSignInExperience(store);
    if (signInMode === "SignIn") {
      return page(
        response,
        interaction,
        "Registration is closed",
        { ...shown, status: 403 },
        html`<p>Ask the operator to open it.</p>`,
      );
    }
    const byEmail = signUp.identifiers.includes("email");
    if (!byEmail) return page(response, interaction, "Create an account", shown, usernameForm(typed));
    page(
      response,
      interaction,
      "Create an account",
      shown,
      html`<form method="post" action="/register">
        <label for="email">E-mail address</label>
        <input id="email" name="email" type="email" value="${typed}" autocomplete="email" required />
        <p class="hint">
          We send a code to it. Mail of the emulator lands in its <a href="/emulator/outbox" target="_blank">outbox</a>.
        </p>
        <button>Send the code</button>
      </form>`,
    );
  }

  function showCode(response: Response, interaction: Interaction, email: string, { typed = "", ...shown }: Shown = {}) {
    page(
      response,
      interaction,
      "Enter the code",
      shown,
      html`<form method="post" action="/register/code">
          <p>
            We sent a code to <strong>${email}</strong>. You find it in the
            <a href="/emulator/outbox" target="_blank">outbox of the emulator</a>.
          </p>
          <label for="code">Code</label>
          <input id="code" name="code" value="${typed}" inputmode="numeric" autocomplete="one-time-code" required />
          <button>Continue</button>
        </form>
        <form method="post" action="/register">
          <input type="hidden" name="email" value="${email}" /> <button class="plain">Send a new code</button>
        </form>`,
    );
  }

  function showProfile(
    response: Response,
    interaction: Interaction,
    email: string,
    { typed = "", ...shown }: Shown = {},
  ) {
    const { password } = readSignInExperience(store).signUp;
    page(
      response,
      interaction,
      "Create an account",
      shown,
      html`<form method="post" action="/register/profile">
        <p><strong>${email}</strong> is yours.</p>
        <label for="name">Name</label>
        <input id="name" name="name" value="${typed}" autocomplete="name" maxlength="128" required />
        ${password ? passwordField : ""}
        <button>Create the account</button>
      </form>`,
    );
  }

  router.get(
    ["/register", "/identifier-register"],
    handler(async (request, response) => {
      const interaction = await interactions.current(request, response);
      const hint = interaction.params.login_hint;
      showAddress(response, interaction, { typed: typeof hint === "string" ? hint : "" });
    }),
  );

  router.post(
    "/register",
    handler(async (request, response) => {
      const interaction = await interactions.current(request, response);
      const email = field(request, "email").trim();
      const username = field(request, "username").trim();
      try {
        interaction.state = { event: "Register", verifications: {}, profile: {}, organizationIds: [] };
        if (readSignInExperience(store).signInMode === "SignIn") throw new LogtoError(403, "auth.forbidden");
        if (username) {
          const id = await experience.verifyNewPassword(interaction, username, field(request, "password"));
          await experience.identify(interaction, id);
          return await goOn(parts, interaction, request, response);
        }
        if (!/^\S+@\S+\.\S+$/.test(email))
          throw new LogtoError(400, "email", {
            message: "This is not an e-mail address. Type it as name@example.com.",
          });
        await experience.sendCode(interaction, email, "Register", clientOf(request));
        interactions.save(interaction);
      } catch (error) {
        const { status, text } = sentence(error);
        return showAddress(response, interaction, { typed: email || username, fault: text, status });
      }
      response.redirect(303, "/register/code");
    }),
  );

  router.get(
    "/register/code",
    handler(async (request, response) => {
      const interaction = await interactions.current(request, response);
      const [, sent] = sentCode(interaction) ?? [];
      if (sent?.type !== "code") return response.redirect(303, "/register");
      showCode(response, interaction, sent.email);
    }),
  );

  router.post(
    "/register/code",
    handler(async (request, response) => {
      const interaction = await interactions.current(request, response);
      const [id, sent] = sentCode(interaction) ?? [];
      if (id === undefined || sent?.type !== "code") return response.redirect(303, "/register");
      const typed = field(request, "code").trim();
      try {
        experience.verifyCode(interaction, id, sent.email, typed);
      } catch (error) {
        interactions.save(interaction);
        const { status, text } = sentence(error);
        return showCode(response, interaction, sent.email, { typed, fault: text, status });
      }
      interactions.save(interaction);
      response.redirect(303, "/register/profile");
    }),
  );

  router.get(
    "/register/profile",
    handler(async (request, response) => {
      const interaction = await interactions.current(request, response);
      const [, proven] = proof(interaction) ?? [];
      if (!proven || !("email" in proven)) return response.redirect(303, "/register");
      showProfile(response, interaction, proven.email);
    }),
  );

  router.post(
    "/register/profile",
    handler(async (request, response) => {
      const interaction = await interactions.current(request, response);
      const [id, proven] = proof(interaction) ?? [];
      if (id === undefined || !proven || !("email" in proven)) return response.redirect(303, "/register");
      const [name, password] = [field(request, "name").trim(), field(request, "password")];
      try {
        interaction.state.profile.name = name.slice(0, 128);
        if (readSignInExperience(store).signUp.password) await experience.setProfilePassword(interaction, password);
        await experience.identify(interaction, id);
      } catch (error) {
        const { status, text } = sentence(error);
        return showProfile(response, interaction, proven.email, { typed: name, fault: text, status });
      }
      await goOn(parts, interaction, request, response);
    }),
  );
  return router;
}

const passwordField = html`<label for="password">Password</label>
  <input
    id="password"
    name="password"
    type="password"
    autocomplete="new-password"
    minlength="8"
    required
    aria-describedby="rule"
  />
  <p class="hint" id="rule">At least 8 characters.</p>`;

const usernameForm = (typed: string) =>
  html`<form method="post" action="/register">
    <label for="username">User name</label>
    <input
      id="username"
      name="username"
      value="${typed}"
      autocomplete="username"
      autocapitalize="none"
      pattern="[A-Za-z_][A-Za-z0-9_]*"
      required
    />
    ${passwordField}
    <button>Create the account</button>
  </form>`;
