// Which organization the running code is in, and in which transaction: what the walls and the writer ask.
import { AsyncLocalStorage } from "node:async_hooks";

type Transaction = { open: boolean };

export type Context = ReturnType<typeof createContext>;

export function createContext() {
  const storage = new AsyncLocalStorage<{ organizationId: string | null; transaction: Transaction | undefined }>();
  const forgetting = new AsyncLocalStorage<boolean>();

  return {
    organizationId: () => storage.getStore()?.organizationId ?? null,
    isForgetting: () => forgetting.getStore() === true,
    /** Runs with leave to remove rows that are otherwise only added. */
    forgetting: <T>(run: () => T): T => forgetting.run(true, run),
    isWriting: () => storage.getStore()?.transaction?.open === true,

    /** Runs inside an organization, or with null inside none. A transaction that is open around it stays known. */
    inside<T>(organizationId: string | null, run: () => T, transaction = storage.getStore()?.transaction): T {
      return storage.run({ organizationId, transaction }, run);
    },

    /** Node hands every storage on to every promise for as long as it is enabled, also one that nobody asks any more. */
    close(): void {
      storage.disable();
      forgetting.disable();
    },
  };
}
