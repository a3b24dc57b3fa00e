// Forgets what nobody can ask for any more, so that a file in daily use stays small.
import type { Store } from "./store";

const day = 24 * 60 * 60 * 1000;
const hour = 60 * 60 * 1000;

function forget(store: Store): void {
  const yesterday = Date.now() - day;
  store.run("delete from oidc_payloads where expires_at < ?", Math.floor(yesterday / 1000));
  store.run("delete from interactions where expires_at < ?", yesterday);
  store.run("delete from hook_logs where created_at < ?", yesterday);
  store.run("delete from mail_attempts where sent_at < ?", yesterday);
}

/** Cleans now and every hour; answers how to stop. */
export function keepClean(store: Store): () => void {
  forget(store);
  const timer = setInterval(() => forget(store), hour).unref();
  return () => clearInterval(timer);
}
