// Which organization the running code is in, and in which transaction: what the walls and the writer ask.
import { AsyncLocalStorage } from "node:async_hooks";

type Transaction = { open: boolean };

export type Context = ReturnType<typeof createContext>;

export function createContext() {
  const storage = new AsyncLocalStorage<{ organizationId: string | null; transaction: Transaction | undefined }>();

  return {
    organizationId: () => storage.getStore()?.organizationId ?? null,
    isWriting: () => storage.getStore()?.transaction?.open === true,

    /** Runs inside an organization, or with null inside none. A transaction that is open around it stays known. */
    inside<T>(organizationId: string | null, run: () => T, transaction = storage.getStore()?.transaction): T {
      return storage.run({ organizationId, transaction }, run);
    },
  };
}
