// People, as Logto knows them. Outside any organization: tenant pages read `members` instead.
import { eq, type Given, newId, preparedForSystem, type Store } from "../../db";
import { fitted } from "./fitted.server";

export interface Person {
  id: string;
  logtoId: string;
  name: string;
  email: string;
  /** Whether Logto says that the address is theirs. */
  emailVerified: boolean;
  /** Where they worked last, so that the next sign-in begins there. */
  lastOrganizationId: string | null;
}

/** What to call somebody, and where to write to them: empty when Logto knows no address. */
export interface Identity {
  name: string;
  email: string;
}
export type KnownIdentity = Identity & {
  /** Whether Logto says that the address is theirs; false when it does not say. */ emailVerified?: boolean;
};

/** Writes down who signed in: made once per Logto id however many sign-ins run at the same time, and brought up to date by each. */
export async function rememberPerson(
  system: Store["system"],
  { logtoId, email, name, emailVerified = false }: KnownIdentity & { logtoId: string },
  at: Date,
): Promise<Person> {
  const identity = { email, name, emailVerified };
  return system.write((db, { users }) =>
    db.upsert(
      users,
      { id: newId(), logtoId, ...identity, createdAt: at, updatedAt: at },
      { ...identity, updatedAt: at },
      ["logtoId"],
    ),
  );
}

export async function findPerson(system: Store["system"], id: string): Promise<Person | undefined> {
  const [person] = await system.query(onePerson, { id });
  return person;
}

const onePerson = preparedForSystem((db, { users }, given: Given<{ id: string }>) =>
  db.select().from(users).where(eq(users.id, given.id)),
);

/** Whether somebody has asked for the end of their account, and it has not come yet. */
export async function isLeaving(system: Store["system"], id: string): Promise<boolean> {
  const [open] = await system.read((db, { accountDeletions }) =>
    db.select({ id: accountDeletions.userId }).from(accountDeletions).where(eq(accountDeletions.userId, id)),
  );
  return open !== undefined;
}

export async function rememberOrganization(
  system: Store["system"],
  personId: string,
  organizationId: string,
): Promise<void> {
  await system.write((db, { users }) =>
    db.update(users, { lastOrganizationId: organizationId }, eq(users.id, personId)),
  );
}

/** From the claims of an ID token, any of which may be missing, as Logto lets them be. */
export function verifiedIdentityOf(claims: Claims & { email_verified?: boolean }): KnownIdentity {
  return { ...identityOf(claims), emailVerified: claims.email_verified === true };
}

export function identityOf({ name, username, email }: Claims): Identity {
  const called = [name, username, email?.split("@")[0]].find((candidate) => candidate?.trim());
  return { name: called ? fitted(called.trim(), 120) : "Somebody", email: email ?? "" };
}

type Claims = { name?: string | null; username?: string | null; email?: string | null };
