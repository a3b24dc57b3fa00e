// What the app may ask of the database, whichever database it is. SQLite answers it in sqlite.ts.
import type { GlobalTables, Prepared, Reads, TenantTables, Writes } from "./query";

/** The capability to one organization's rows. Whoever holds it reaches these and no others. */
export interface OrganizationScope {
  readonly organizationId: string;
  /** Reads what is committed. The tables are already the organization's own. */
  read<T>(run: (db: Reads, tables: TenantTables) => PromiseLike<T>): Promise<T>;
  /**
   * One write transaction; a throw rolls back. Read inside it through `tx`: `read` does not see what is not yet committed.
   * Refuses to be opened inside another write.
   */
  write<T>(run: (tx: Writes, tables: TenantTables) => PromiseLike<T>): Promise<T>;
  /** Runs a query that was built once, at the top of its module. */
  query<Values, Answer>(query: Prepared<TenantTables, Values, Answer>, values: Values): Promise<Answer[]>;
}

/** Outside any organization: the global tables alone. */
export interface System {
  read<T>(run: (db: Reads, tables: GlobalTables) => PromiseLike<T>): Promise<T>;
  write<T>(run: (tx: Writes, tables: GlobalTables) => PromiseLike<T>): Promise<T>;
  query<Values, Answer>(query: Prepared<GlobalTables, Values, Answer>, values: Values): Promise<Answer[]>;
}

export interface ScopeOptions {
  /** Awaited inside each write transaction, before anything is written; a throw refuses the write. */
  beforeWrite?: (db: Reads, tables: GlobalTables) => PromiseLike<void>;
}

export interface Store {
  /** For the guard, and the short list beside it that DESIGN law 4 names. */
  scope(organizationId: string, options?: ScopeOptions): OrganizationScope;
  readonly system: System;
  /** After the writes that were asked for are done. */
  close(): Promise<void>;
}
