// Exports: everything of one organization and nothing of another, in a file that only whoever asked may open, for an hour.
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { type Colleague, openOffice, type Office } from "../../../e2e/office";
import { unzip } from "../../../e2e/unzip";
import { eq, newId } from "../../../db";
import { csvRow } from "./csv.server";
import { lifetime } from "./exports.server";

let ground: Ground;
let app: App;
let office: Office;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp();
});
beforeEach(async () => {
  app.clock.ahead = 0;
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

const filesOf = ({ organizationId }: Office) => {
  const place = `${app.file}.exports/${organizationId}`;
  return existsSync(place) ? readdirSync(place) : [];
};

function write({ scope }: Office, author: Colleague, title: string, status: "draft" | "published" = "published") {
  return scope.write((tx, { posts }) =>
    tx.insert(posts, {
      ...{ id: newId(), authorId: author.id, title, body: `${title}, "text"\n=1+1`, status },
      ...{ createdAt: tx.at, updatedAt: tx.at },
    }),
  );
}

async function made(by: Colleague = office.ada) {
  await app.exports.ask(office.scope, by);
  await app.exports.makeAll();
  const found = await app.exports.find(office.scope, by.id);
  if (found?.status !== "ready") throw new Error(`The export is ${found?.status}`);
  return found;
}

/** As somebody unpacks it. */
async function unpacked(id: string, by: Colleague = office.ada): Promise<(name: string) => string> {
  const file = await app.exports.open(office.scope, by.id, id);
  if (!file) throw new Error("There is no file");
  const zip = await buffer(file.open());
  expect(zip.length).toBe(file.bytes);
  const files = unzip(zip);
  return (name) => files.get(name) ?? "";
}

test("everything of the organization is in it, drafts of everybody too, as JSON and as CSV, and nothing of another", async () => {
  const bob = await office.hire("Bob", "Collaborator");
  for (let count = 0; count < 600; count += 1) await write(office, office.ada, `Post ${count}`);
  await write(office, bob, "Bob's draft", "draft");
  await office.inviteOne("guest@example.com");
  const other = await openOffice(ground, app);
  await write(other, other.ada, "Only the others read this");

  const { id, total, done } = await made();
  expect(done).toBe(total);
  const read = await unpacked(id);
  const posts = JSON.parse(read("posts.json"));
  expect(posts).toHaveLength(601);
  expect(new Set(posts.map((post: { id: string }) => post.id)).size).toBe(601);
  expect(posts).toContainEqual(expect.objectContaining({ title: "Bob's draft", status: "draft", authorId: bob.id }));
  expect(read("posts.csv").match(/^'?[\w-]{22},/gm)).toHaveLength(601);
  expect(JSON.parse(read("members.json"))).toHaveLength(2);
  expect(read("invitations.csv")).toContain("guest@example.com");
  expect(JSON.parse(read("comments.json"))).toEqual([]);
  expect(JSON.parse(read("about.json"))).toMatchObject({ organization: { id: office.organizationId, name: "Acme" } });
  for (const name of ["posts.json", "posts.csv", "members.json", "auditEvents.json"]) {
    expect(read(name)).not.toContain("Only the others");
    expect(read(name)).not.toContain(other.organizationId);
  }
}, 60_000);

test("no text begins a formula in a spreadsheet, and quotes, commas and line breaks stay in their cell", () => {
  const texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "\r=1"];
  for (const text of texts) expect(csvRow([text]).replace(/^"/, "")).toMatch(/^'/);
  expect(csvRow(["a", 'say "hi", all', "two\nlines", -1, null, undefined, true, { a: 1 }])).toBe(
    'a,"say ""hi"", all","two\nlines",-1,,,true,"{""a"":1}"\r\n',
  );
  expect(csvRow([new Date(0), "a=b", ""])).toBe("1970-01-01T00:00:00.000Z,a=b,\r\n");
});

describe("the file", () => {
  test("is opened by nobody but whoever asked for it, in its organization", async () => {
    const bob = await office.hire("Bob", "Admin");
    const other = await openOffice(ground, app);
    const { id } = await made();
    expect(await app.exports.open(office.scope, office.ada.id, id), "Ada's own").toBeDefined();
    expect(await app.exports.open(office.scope, bob.id, id)).toBeUndefined();
    expect(await app.exports.open(other.scope, office.ada.id, id)).toBeUndefined();
    expect(await app.exports.open(office.scope, office.ada.id, newId())).toBeUndefined();
    expect(await app.exports.find(office.scope, bob.id)).toBeUndefined();
  });

  test("is readable on the disk by the app's own user alone", async () => {
    await made();
    const place = `${app.file}.exports/${office.organizationId}`;
    expect(statSync(place).mode & 0o077).toBe(0);
    const [file] = filesOf(office);
    expect(statSync(join(place, file ?? "")).mode & 0o077).toBe(0);
  });

  test("is there for an hour, and then it is gone", async () => {
    const { id } = await made();
    app.clock.ahead = lifetime - 5_000;
    expect(await app.exports.open(office.scope, office.ada.id, id)).toBeDefined();
    app.clock.ahead = lifetime + 5_000;
    expect(await app.exports.open(office.scope, office.ada.id, id)).toBeUndefined();
    expect(filesOf(office)).toHaveLength(1);
    await app.exports.makeAll();
    expect(filesOf(office)).toEqual([]);
  });

  test("makes room for the next one, and what a crash left behind is removed", async () => {
    const first = await made();
    writeFileSync(`${app.file}.exports/${office.organizationId}/${newId()}.zip.part`, "half");
    const second = await made();
    expect(filesOf(office)).toEqual([`${second.id}.zip`]);
    expect(await app.exports.open(office.scope, office.ada.id, first.id)).toBeUndefined();
  });
});

test("asked for twice at once, it is made once; what another process began and left is begun anew", async () => {
  await Promise.all([app.exports.ask(office.scope, office.ada), app.exports.ask(office.scope, office.ada)]);
  const rows = () => office.scope.read((db, { exportFiles }) => db.select().from(exportFiles));
  expect(await rows()).toHaveLength(1);
  const [waiting] = await rows();
  const leasedUntil = new Date(Date.now() + 60_000);
  await office.scope.write((tx, { exportFiles }) =>
    tx.update(exportFiles, { leasedUntil, done: 7 }, eq(exportFiles.id, waiting?.id ?? "")),
  );
  await app.exports.makeAll();
  expect(await rows(), "somebody else is at it").toMatchObject([{ status: "waiting" }]);
  app.clock.ahead = 61_000;
  await app.exports.makeAll();
  expect(await rows()).toMatchObject([{ status: "ready" }]);
});

test("when its row goes meanwhile, no file is left", async () => {
  for (let count = 0; count < 20; count += 1) await write(office, office.ada, `Post ${count}`);
  await app.exports.ask(office.scope, office.ada);
  const [row] = await office.scope.read((db, { exportFiles }) => db.select().from(exportFiles));
  const making = app.exports.makeAll();
  await office.scope.write((tx, { exportFiles }) => tx.remove(exportFiles, eq(exportFiles.id, row?.id ?? "")));
  await making;
  expect(filesOf(office)).toEqual([]);
});
