// People, as Logto knows them. Outside any organization: tenant pages read `members` instead.
import { eq, newId, type Store } from "../../db";

export interface Person {
  id: string;
  logtoId: string;
  name: string;
  email: string;
  /** Where they worked last, so that the next sign-in begins there. */
  lastOrganizationId: string | null;
}

/** What an ID token says of a person. Any part but the id may be missing, as Logto lets it be. */
export interface Identity {
  logtoId: string;
  name?: string | null;
  username?: string | null;
  email?: string | null;
}

/** Writes down who signed in: made once per Logto id however many sign-ins run at the same time, and brought up to date by each. */
export async function rememberPerson(system: Store["system"], identity: Identity, at: Date): Promise<Person> {
  const email = identity.email ?? "";
  const name = nameOf(identity);
  return system.write((db, { users }) =>
    db.upsert(
      users,
      { id: newId(), logtoId: identity.logtoId, email, name, createdAt: at, updatedAt: at },
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

function nameOf({ name, username, email }: Identity): string {
  const called = [name, username, email?.split("@")[0]].find((candidate) => candidate?.trim());
  return called?.trim().slice(0, 120) ?? "Somebody";
}
