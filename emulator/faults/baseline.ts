// Back to a baseline between tests, and time that passes for what is stored.
import type { Store } from "../database/store";

export type Baseline = ReturnType<typeof openBaseline>;

const kept = ["settings", "sqlite_sequence"];

/** The baseline is what the file holds now, until another one is saved. It lives as long as the process. */
export function openBaseline(store: Store) {
  const { database } = store;
  database.exec("attach ':memory:' as baseline");
  const tables = store
    .column<string>("select name from main.sqlite_schema where type = 'table'")
    .filter((name) => !kept.includes(name));

  function save(): void {
    store.atomic(() => {
      for (const table of tables) {
        database.exec(
          `drop table if exists baseline.${table}; create table baseline.${table} as select * from main.${table}`,
        );
      }
      database.exec(
        "drop table if exists baseline.settings; create table baseline.settings as select * from main.settings",
      );
    });
  }

  save();
  return {
    save,
    /** Keys and addresses stay, so that the tokens of other processes still verify. */
    reset(): void {
      store.atomic(() => {
        database.pragma("defer_foreign_keys = on");
        for (const table of tables)
          database.exec(`delete from main.${table}; insert into main.${table} select * from baseline.${table}`);
        database.exec("delete from main.settings where key = 'sign-in-experience'");
        database.exec("insert into main.settings select * from baseline.settings where key = 'sign-in-experience'");
      });
    },
  };
}

/**
 * Lets so many seconds pass for everything stored that ends: sessions, codes, tokens, invitations, secrets, limits.
 * JWTs that were handed out do not age, and new ones carry the real time.
 */
export function passTime(store: Store, seconds: number): void {
  const milliseconds = seconds * 1000;
  const older = (key: string, by: number) => `'$.${key}', json_extract(payload, '$.${key}') - ${by}`;
  store.atomic(() => {
    store.run("update oidc_payloads set expires_at = expires_at - ?, consumed_at = consumed_at - ?", seconds, seconds);
    for (const key of ["iat", "exp", "iiat", "loginTs"]) {
      store.database.exec(
        `update oidc_payloads set payload = json_set(payload, ${older(key, seconds)}) where json_extract(payload, '$.${key}') is not null`,
      );
    }
    store.run("update organization_invitations set expires_at = expires_at - ?", milliseconds);
    store.run("update one_time_tokens set expires_at = expires_at - ?", milliseconds);
    store.run("update application_secrets set expires_at = expires_at - ?", milliseconds);
    store.run("update mail_attempts set sent_at = sent_at - ?", milliseconds);
    store.run("update hook_logs set created_at = created_at - ?", milliseconds);
    store.run("update interactions set expires_at = expires_at - ?", milliseconds);
  });
}
