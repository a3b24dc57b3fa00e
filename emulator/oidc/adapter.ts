// oidc-provider's storage: everything it keeps is one row of one table; clients are Logto's applications.
import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Store, Table } from "../database/store";
import { clientMetadata } from "./clients";

const table: Table = { name: "oidc_payloads", json: ["payload"] };

/** A refresh token that was rotated works for this many seconds more, so that parallel refreshes survive. */
const reuseInterval = 3;

interface Row {
  payload: AdapterPayload;
  consumedAt: number | null;
}

export function sqliteAdapter(store: Store) {
  const now = () => Math.floor(Date.now() / 1000);

  return class SqliteAdapter implements Adapter {
    constructor(readonly model: string) {}

    #read(condition: string, value: string): AdapterPayload | undefined {
      const sql = `select payload, consumed_at from oidc_payloads where model = ? and ${condition} = ?`;
      const row = store.find<Row>(table, sql, this.model, value);
      if (!row) return undefined;
      const grace = this.model === "RefreshToken" ? reuseInterval : 0;
      const consumed = row.consumedAt !== null && row.consumedAt + grace <= now();
      return consumed ? { ...row.payload, consumed: row.consumedAt } : row.payload;
    }

    async upsert(id: string, payload: AdapterPayload, expiresIn: number) {
      store.run(
        `insert into oidc_payloads values (?, ?, ?, ?, ?, ?, ?, null) on conflict (model, id) do update set
         payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid,
         account_id = excluded.account_id, expires_at = excluded.expires_at`,
        ...[this.model, id, JSON.stringify(payload), payload.grantId ?? null, payload.uid ?? null],
        ...[payload.accountId ?? null, expiresIn ? now() + expiresIn : null],
      );
    }

    async find(id: string) {
      if (this.model === "Client") return clientMetadata(store, id);
      return this.#read("id", id);
    }

    findByUid = async (uid: string) => this.#read("uid", uid);

    findByUserCode = async () => undefined;

    async consume(id: string) {
      const sql = "update oidc_payloads set consumed_at = ? where model = ? and id = ? and consumed_at is null";
      store.run(sql, now(), this.model, id);
    }

    async destroy(id: string) {
      store.run("delete from oidc_payloads where model = ? and id = ?", this.model, id);
    }

    async revokeByGrantId(grantId: string) {
      store.run("delete from oidc_payloads where grant_id = ?", grantId);
    }
  };
}
