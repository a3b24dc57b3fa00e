// The door of this folder: everything else in the app reaches the database through here.
export { newId } from "./id";
export * from "./query";
export type { BillTo, InvoiceLine, MembershipAnswer } from "./schema";
export { StoreUnavailable } from "./unavailable";
export { openStore, type StoreOptions } from "./sqlite";
export type { Acting, OrganizationScope, OrganizationWrites, ScopeOf, ScopeOptions, Store, System } from "./store";
