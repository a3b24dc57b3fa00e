// What the app may ask of the database, whichever database it is. SQLite answers it in sqlite.ts.
import type { GlobalTables, Prepared, Reads, TenantTables, Writes } from "./query";

/** Whose doing a write is, as the audit log keeps it. Without an id: Atrium itself, or somebody who needs no account. */
export interface Acting {
  readonly id: string | null;
  readonly name: string;
  readonly email: string | null;
  /** Where the request came from: its IP address, and what its browser calls itself. */
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** The writes of one transaction inside an organization: they know whose they are, and when. */
export interface OrganizationWrites extends Writes {
  readonly by: Acting;
  readonly at: Date;
  readonly tables: TenantTables;
}

/** The capability to one organization's rows. Whoever holds it reaches these and no others. */
export interface OrganizationScope {
  readonly organizationId: string;
  readonly by: Acting;
  /** Reads what is committed. The tables are already the organization's own. */
  read<T>(run: (db: Reads, tables: TenantTables) => PromiseLike<T>): Promise<T>;
  /**
   * One write transaction; a throw rolls back. Read inside it through `tx`: `read` does not see what is not yet committed.
   * Refuses to be opened inside another write.
   */
  write<T>(run: (tx: OrganizationWrites, tables: TenantTables) => PromiseLike<T>): Promise<T>;
  /**
   * The one way to take rows out of the audit log: the oldest first, those from before a moment or any, `limit` at most.
   * @returns how many went.
   */
  forgetAudit(which: { before: Date | "all"; limit: number }): Promise<number>;
  /** Runs a query that was built once, at the top of its module. */
  query<Values, Answer>(query: Prepared<TenantTables, Values, Answer>, values: Values): Promise<Answer[]>;
}

/** Outside any organization: the global tables alone. */
export interface System {
  read<T>(run: (db: Reads, tables: GlobalTables) => PromiseLike<T>): Promise<T>;
  write<T>(run: (tx: Writes, tables: GlobalTables) => PromiseLike<T>): Promise<T>;
  query<Values, Answer>(query: Prepared<GlobalTables, Values, Answer>, values: Values): Promise<Answer[]>;
}

/** A way into an organization for whoever has no scope of it, on somebody's behalf or on Atrium's own. */
export type ScopeOf = (organizationId: string, by?: Acting) => OrganizationScope;

export interface ScopeOptions {
  /** Atrium itself, unless somebody is named. */
  by?: Acting | undefined;
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
