// People, as Logto knows them. Outside any organization: tenant pages read `members` instead.
import { eq, newId, type Store } from "../../db";
import { fitted } from "./fitted.server";

export interface Person {
  id: string;
  logtoId: string;
  name: string;
  email: string;
  /** Where they worked last, so that the next sign-in begins there. */
  lastOrganizationId: string | null;
}

/** What to call somebody, and where to write to them: empty when Logto knows no address. */
export interface Identity {
  name: string;
  email: string;
}

/** Writes down who signed in: made once per Logto id however many sign-ins run at the same time, and brought up to date by each. */
export async function rememberPerson(
  system: Store["system"],
  { logtoId, email, name }: Identity & { logtoId: string },
  at: Date,
): Promise<Person> {
  return system.write((db, { users }) =>
    db.upsert(
      users,
      { id: newId(), logtoId, email, name, createdAt: at, updatedAt: at },
      { email, name, updatedAt: at },
      ["logtoId"],
    ),
  );
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
export function identityOf({ name, username, email }: Claims): Identity {
  const called = [name, username, email?.split("@")[0]].find((candidate) => candidate?.trim());
  return { name: called ? fitted(called.trim(), 120) : "Somebody", email: email ?? "" };
}

type Claims = { name?: string | null; username?: string | null; email?: string | null };
