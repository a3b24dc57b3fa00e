// The link of an invitation: its id, and a mac that only this app can make. Nothing secret is stored, so it can be copied again.
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { paths } from "../paths";

export interface InvitationLinksOptions {
  /** The app's own origin. */
  origin: string;
  /** `SESSION_SECRET`, newest first: the first signs, all verify. */
  secrets: readonly string[];
}

type Linked = { id: string; generation: number };

export type InvitationLinks = ReturnType<typeof createInvitationLinks>;

export function createInvitationLinks({ origin, secrets }: InvitationLinksOptions) {
  const keys = secrets.map((secret) => new Uint8Array(hkdfSync("sha256", secret, "", "atrium invitation link", 32)));
  const [newest] = keys;
  if (!newest) throw new Error("Links need at least one secret");

  const tokenOf = (invitation: Linked) => `${invitation.id}.${mac(newest, invitation)}`;

  return {
    tokenOf,
    linkOf: (invitation: Linked) => origin + paths.join(tokenOf(invitation)),

    /** The invitation that a token speaks of, true or not. */
    idOf: (token: string): string | undefined => /^([\w-]{22})\.[\w-]{22}$/.exec(token)?.[1],

    /** Whether it is this invitation's link in its present generation. Compared as text: another spelling of the same bytes is another token. */
    opens(token: string, invitation: Linked): boolean {
      const given = Buffer.from(token);
      return keys.some((key) => {
        const right = Buffer.from(`${invitation.id}.${mac(key, invitation)}`);
        return given.length === right.length && timingSafeEqual(given, right);
      });
    },
  };
}

/** 128 bits, which nobody guesses. */
function mac(key: Uint8Array, { id, generation }: Linked): string {
  return createHmac("sha256", key).update(`${id}.${generation}`).digest().subarray(0, 16).toString("base64url");
}
