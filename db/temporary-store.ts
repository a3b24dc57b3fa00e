// A store in a folder of its own, for tests: a real file, real migrations, gone afterwards.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type StoreOptions } from "./sqlite";
import type { Store } from "./store";

export type TemporaryStore = { store: Store; file: string; remove(): Promise<void> };

export function openTemporaryStore(options?: StoreOptions): TemporaryStore {
  const folder = mkdtempSync(join(tmpdir(), "atrium-"));
  const file = join(folder, "atrium.db");
  const store = openStore(file, options);
  const remove = async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  };
  return { store, file, remove };
}
