// Sessions, grants and tokens of people, as the Management API ends them.
import type { Store, Table } from "../database/store";

const table: Table = { name: "oidc_payloads", json: ["payload"] };

interface StoredPayload {
  id: string;
  payload: {
    uid?: string;
    jti: string;
    exp: number;
    iat: number;
    clientId?: string;
    loginTs?: number;
    authorizations?: Record<string, { grantId?: string }>;
  };
  expiresAt: number | null;
}

export type Tokens = ReturnType<typeof tokensOf>;

export function tokensOf(store: Store) {
  const all = (model: string, userId: string) =>
    store.list<StoredPayload>(
      table,
      "select id, payload, expires_at from oidc_payloads where model = ? and account_id = ? and expires_at > unixepoch()",
      model,
      userId,
    );
  const dropGrant = (grantId: string) =>
    store.run("delete from oidc_payloads where grant_id = ? or (model = 'Grant' and id = ?)", grantId, grantId);

  return {
    /** Ends all sessions and tokens of a person at once; JWTs live on to their `exp`. */
    revokeUser: (userId: string) => void store.run("delete from oidc_payloads where account_id = ?", userId),

    sessionsOf: (userId: string) =>
      all("Session", userId).map(({ payload, expiresAt }) => ({
        payload,
        expiresAt: (expiresAt ?? 0) * 1000,
        lastSubmission: null,
      })),

    /** Ends one browser session, with `grants` also what it was granted. False when there is none. */
    endSession(userId: string, uid: string, grants: boolean): boolean {
      const session = all("Session", userId).find(({ payload }) => payload.uid === uid);
      if (!session) return false;
      const granted = Object.values(session.payload.authorizations ?? {}).map(({ grantId }) => grantId);
      if (grants) for (const grantId of granted) if (grantId) dropGrant(grantId);
      return store.run("delete from oidc_payloads where model = 'Session' and id = ?", session.id) === 1;
    },

    grantsOf: (userId: string) =>
      all("Grant", userId).map(({ id, payload, expiresAt }) => ({ id, payload, expiresAt: (expiresAt ?? 0) * 1000 })),

    revokeGrant(userId: string, grantId: string): boolean {
      return all("Grant", userId).some(({ id }) => id === grantId) && dropGrant(grantId) > 0;
    },
  };
}
