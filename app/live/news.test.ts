import { expect, test } from "vitest";
import { newsBetween, type Seen } from "./news";

const asCollaborator = { roles: ["Collaborator"], permissions: ["read:posts"], roleGivenBy: null, seen: 1 } as const;
const asAdmin = {
  roles: ["Admin"],
  permissions: ["read:posts", "invite:members"],
  roleGivenBy: "Ada",
  seen: 2,
} as const;

function read(change: Partial<Omit<Seen, "standing">> & { standing?: object | null } = {}): Seen {
  return {
    person: "bob@example.com",
    organization: { id: "acme", name: "Acme", renamedBy: null },
    standing: asCollaborator,
    waiting: [],
    needsConsent: null,
    ...change,
  } as Seen;
}

test("Bob, who was made an Admin, is told by whom; whoever reads the same again is told nothing", () => {
  const news = { kind: "promoted", organization: "Acme", roles: ["Admin"], by: "Ada" };
  expect(newsBetween(read(), read({ standing: asAdmin }))).toEqual([news]);
  expect(newsBetween(read({ standing: asAdmin }), read({ standing: asAdmin }))).toEqual([]);
});

test("Bob, who has lost a permission with his role, was demoted, whatever he got for it", () => {
  const now = { ...asCollaborator, permissions: ["read:posts", "write:posts"], roleGivenBy: "Ada" };
  const news = { kind: "demoted", organization: "Acme", roles: ["Collaborator"], by: "Ada" };
  expect(newsBetween(read({ standing: asAdmin }), read({ standing: now }))).toEqual([news]);
});

test("a role that allows something else is not given by anybody", () => {
  const more = { ...asCollaborator, permissions: ["read:posts", "write:posts"], roleGivenBy: "Ada" };
  expect(newsBetween(read(), read({ standing: more }))).toEqual([
    { kind: "allows-more", organization: "Acme", permissions: ["write:posts"] },
  ]);
  const other = { ...asCollaborator, permissions: ["write:posts"] };
  expect(newsBetween(read(), read({ standing: other }))).toEqual([
    { kind: "allows-less", organization: "Acme", permissions: ["read:posts"] },
    { kind: "allows-more", organization: "Acme", permissions: ["write:posts"] },
  ]);
});

test("a role of another name that allows the same is just another role", () => {
  const now = { ...asCollaborator, roles: ["Writer"] };
  const news = { kind: "another-role", organization: "Acme", roles: ["Writer"], by: null };
  expect(newsBetween(read(), read({ standing: now }))).toEqual([news]);
});

test("an organization's new name is told, with who gave it, and another organization is not the same one renamed", () => {
  const renamed = read({ organization: { id: "acme", name: "Apex", renamedBy: "Ada" } });
  expect(newsBetween(read(), renamed)).toEqual([{ kind: "renamed", before: "Acme", now: "Apex", by: "Ada" }]);
  const moved = read({ organization: { id: "globex", name: "Globex", renamedBy: "Cleo" }, standing: asAdmin });
  expect(newsBetween(read(), moved)).toEqual([]);
});

test("an invitation is told when it arrives, not while it waits", () => {
  const waiting = [{ id: "one", organizationName: "Globex", inviterName: "Cleo", roleName: "Collaborator" }];
  const news = { kind: "invited", organization: "Globex", by: "Cleo", role: "Collaborator" };
  expect(newsBetween(read(), read({ waiting }))).toEqual([news]);
  expect(newsBetween(read({ waiting }), read({ waiting }))).toEqual([]);
});

test("nothing is told to somebody else who has signed in in the same browser", () => {
  expect(newsBetween(read(), read({ person: "cleo@example.com", standing: asAdmin }))).toEqual([]);
});
