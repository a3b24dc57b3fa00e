// Small values that are made once and kept in the file: keys, and where the emulator last listened.
import type { Store } from "./store";

export function readSetting(store: Store, key: string): string | undefined {
  return store.value<string>("select value from settings where key = ?", key);
}

export function writeSetting(store: Store, key: string, value: string): void {
  store.run("insert into settings values (?, ?) on conflict do update set value = excluded.value", key, value);
}

/** The kept value, or a new one that is kept from now on. */
export async function keptSetting(store: Store, key: string, make: () => string | Promise<string>): Promise<string> {
  const kept = readSetting(store, key);
  if (kept !== undefined) return kept;
  const made = await make();
  writeSetting(store, key, made);
  return made;
}
