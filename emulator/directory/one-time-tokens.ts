// One-time tokens ("magic links"): made by the Management API, consumed when they are verified.
import type { Store, Table } from "../database/store";
import { LogtoError } from "../errors";
import { longId, secret } from "../ids";

export interface OneTimeToken {
  tenantId: "default";
  id: string;
  email: string;
  token: string;
  context: { jitOrganizationIds?: string[] | undefined; interactionEvent?: string | undefined };
  status: "active" | "consumed" | "revoked" | "expired";
  createdAt: number;
  expiresAt: number;
}

export const oneTimeTokenTable: Table = { name: "one_time_tokens", json: ["context"], tenant: true };
const defaultLifetime = 600;

/** `expiresIn` in seconds. Neither the address nor the organizations are checked. */
export function createOneTimeToken(
  store: Store,
  {
    email,
    context = {},
    expiresIn = defaultLifetime,
  }: { email: string; context?: OneTimeToken["context"]; expiresIn?: number },
) {
  const createdAt = Date.now();
  return store.insert<OneTimeToken>(oneTimeTokenTable, {
    ...{ id: longId(), email, token: secret(), context, status: "active" },
    ...{ createdAt, expiresAt: createdAt + expiresIn * 1000 },
  });
}

const setStatus = (store: Store, id: string, status: OneTimeToken["status"]) =>
  store.update<OneTimeToken>(oneTimeTokenTable, id, { status });

/** Consumes the token. The address is compared letter by letter. @throws LogtoError 404 or 400 `one_time_token.…` */
export function consumeOneTimeToken(store: Store, token: string, email: string): OneTimeToken {
  const found = store.find<OneTimeToken>(oneTimeTokenTable, "select * from one_time_tokens where token = ?", token);
  if (!found) throw new LogtoError(404, "one_time_token.token_not_found");
  if (found.email !== email) throw new LogtoError(400, "one_time_token.email_mismatch");
  if (found.status === "active" && found.expiresAt <= Date.now()) {
    setStatus(store, found.id, "expired");
    throw new LogtoError(400, "one_time_token.token_expired");
  }
  if (found.status !== "active") throw new LogtoError(400, `one_time_token.token_${found.status}`);
  return setStatus(store, found.id, "consumed") ?? found;
}

/** Undefined when there is no such token. @throws LogtoError 400 when it should become active again */
export function changeOneTimeTokenStatus(store: Store, id: string, status: OneTimeToken["status"]) {
  if (status === "active") throw new LogtoError(400, "one_time_token.cannot_reactivate_token");
  return setStatus(store, id, status);
}
