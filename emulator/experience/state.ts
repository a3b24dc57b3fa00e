// What a sign-in or registration under way has reached, kept by the authorization request it belongs to.
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Provider, errors } from "oidc-provider";
import type { Store, Table } from "../database/store";
import { LogtoError } from "../errors";

export type InteractionEvent = "SignIn" | "Register" | "ForgotPassword";

export type Verification =
  | { type: "password"; userId: string }
  | {
      type: "code";
      email: string;
      code: string;
      event: InteractionEvent;
      tries: number;
      expiresAt: number;
      verified: boolean;
    }
  | { type: "one-time-token"; email: string; organizationIds: string[] }
  | { type: "new-password"; username: string; hash: string };

export interface State {
  event?: InteractionEvent;
  verifications: Record<string, Verification>;
  /** Who was identified, or made. */
  userId?: string;
  registered?: boolean;
  /** What a registration has gathered so far; the password is a hash. */
  profile: { email?: string; username?: string; name?: string; password?: string };
  /** Organizations that a one-time token brings. */
  organizationIds: string[];
}

/** One authorization request that waits for a person. */
export interface Interaction {
  uid: string;
  clientId: string;
  params: Record<string, unknown>;
  prompt: string;
  state: State;
  /** The person whose session the browser has. */
  accountId: string | undefined;
  /** That person signed in during this very request. */
  signedInNow: boolean;
}

export type Interactions = ReturnType<typeof openInteractions>;

const table: Table = { name: "interactions", json: ["state"] };
const hour = 60 * 60 * 1000;

export function openInteractions(store: Store, provider: Provider) {
  return {
    /** The request that the browser's cookie names. @throws LogtoError 400 `session.not_found` */
    async current(request: IncomingMessage, response: ServerResponse): Promise<Interaction> {
      const details = await provider.interactionDetails(request, response).catch((error: unknown) => {
        if (error instanceof errors.SessionNotFound) throw new LogtoError(400, "session.not_found");
        throw error;
      });
      const kept = store.find<{ state: State }>(table, "select state from interactions where uid = ?", details.uid);
      return {
        uid: details.uid,
        clientId: String(details.params.client_id),
        params: details.params,
        prompt: details.prompt.name,
        state: kept?.state ?? { verifications: {}, profile: {}, organizationIds: [] },
        accountId: details.session?.accountId,
        signedInNow: details.lastSubmission?.login !== undefined,
      };
    },

    save({ uid, state }: Interaction) {
      store.run(
        "insert into interactions values (?, ?, ?) on conflict do update set state = excluded.state",
        ...[uid, JSON.stringify(state), Date.now() + hour],
      );
    },

    /** Ends the waiting; answers where the browser goes on. */
    async finish(
      request: IncomingMessage,
      response: ServerResponse,
      { uid }: Interaction,
      accountId: string,
    ): Promise<string> {
      store.run("delete from interactions where uid = ?", uid);
      return provider.interactionResult(request, response, { login: { accountId } });
    },
  };
}
