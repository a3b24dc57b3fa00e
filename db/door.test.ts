// The door table: an organization writes into it, and whoever is in none may look up which organization that was.
import Database from "better-sqlite3";
import { afterAll, expect, test } from "vitest";
import { eq } from "./query";
import { openTemporaryStore } from "./temporary-store";
import { walledConnection } from "./two-organizations";

const { store, file, remove } = openTemporaryStore();
afterAll(remove);

const acme = store.scope("acme");
const globex = store.scope("globex");
const links = () => store.system.read((db, { invitationLinks }) => db.select().from(invitationLinks));
const link = (id: string) => ({ id, addressKey: `${id}@example.com` });

test("a link is written by its organization, read from outside, and shown to no other organization", async () => {
  await acme.write((tx, { invitationLinks }) => tx.insert(invitationLinks, link("one")));
  expect(await links()).toEqual([{ organizationId: "acme", ...link("one") }]);
  const shown = (scope: typeof acme) =>
    scope.read((db, { invitationLinks }) => db.select().from(invitationLinks).where(eq(invitationLinks.id, "one")));
  expect(await shown(acme)).toEqual([link("one")]);
  expect(await shown(globex)).toEqual([]);
});

test("nobody outside writes it, and no other organization changes or removes it", async () => {
  const outside = store.system.write((tx, { invitationLinks }) =>
    tx.insert(invitationLinks, { organizationId: "acme", ...link("two") }),
  );
  await expect(outside).rejects.toThrow("Only the global tables can be written outside an organization.");
  const changed = await globex.write((tx, { invitationLinks }) =>
    tx.update(invitationLinks, { addressKey: "eve@example.com" }, eq(invitationLinks.id, "one")),
  );
  const removed = await globex.write((tx, { invitationLinks }) =>
    tx.remove(invitationLinks, eq(invitationLinks.id, "one")),
  );
  expect([changed, removed]).toEqual([[], []]);
  expect(await links()).toEqual([{ organizationId: "acme", ...link("one") }]);
  const own = await acme.write((tx, { invitationLinks }) =>
    tx.update(invitationLinks, { addressKey: "other@example.com" }, eq(invitationLinks.id, "one")),
  );
  expect(own).toHaveLength(1);
});

test("the database itself shows one organization no other's rows, and whoever is in none all of them", () => {
  const { connection, current } = walledConnection(file);
  current.organizationId = "globex";
  const hers =
    "insert into main.invitation_links (logto_organization_id, id, address_key) values ('globex', 'hers', 'x')";
  connection.prepare(hers).run();
  const seenIn = (organizationId: string | null) => {
    current.organizationId = organizationId;
    return connection.prepare("select id from invitation_links order by id").pluck().all();
  };
  expect(seenIn("globex")).toEqual(["hers"]);
  expect(seenIn("acme")).toEqual(["one"]);
  expect(seenIn(null)).toEqual(["hers", "one"]);
  current.organizationId = "globex";
  connection.prepare("delete from main.invitation_links where id = 'hers'").run();
  connection.close();
});

test("the file itself refuses a link of another organization, and any from a program that is in none", () => {
  const { connection, current } = walledConnection(file);
  const insert = "insert into main.invitation_links (logto_organization_id, id, address_key) values ('acme', ?, 'x')";
  for (const organizationId of ["globex", null]) {
    current.organizationId = organizationId;
    expect(() => connection.prepare(insert).run("three")).toThrow("The wall around invitation_links refused");
  }
  current.organizationId = "acme";
  expect(connection.prepare(insert).run("three").changes).toBe(1);
  connection.close();
  const plain = new Database(file);
  expect(() => plain.prepare(insert).run("four")).toThrow("no such function: current_organization");
  plain.close();
});
