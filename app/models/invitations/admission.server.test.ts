import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { newBatch, newcomer, openOffice, type Office } from "../../../e2e/office";
import { changeDomains } from "../settings/settings.server";
import { parseDomains } from "./admission.server";

test("domains are read as people write them, each once, and what is none is named", () => {
  expect(parseDomains(" Example.com, @sub.example.com;\nexample.com\r\nmünchen.example ")).toEqual({
    domains: ["example.com", "sub.example.com", "xn--mnchen-3ya.example"],
    wrong: [],
  });
  const wrong = [
    "example.com-",
    "example.c",
    "a@example.com",
    "localhost",
    "*.example.com",
    "-a.com",
    "a..com",
    "1.2.3.4",
    `${"x".repeat(64)}.com`,
  ];
  expect(parseDomains(wrong.join("\n"))).toEqual({ domains: [], wrong });
  expect(parseDomains("")).toEqual({ domains: [], wrong: [] });
  const rare = ["x.example", "example.b2", "example.xn--p1ai"];
  expect(parseDomains(rare.join(" "))).toEqual({ domains: rare, wrong: [] });
});

test("a domain has at most 253 characters, as mail servers have it", () => {
  const labels = [..."abc"].map((letter) => letter.repeat(63)).join(".");
  const [longest, longer] = [`${labels}.${"d".repeat(61)}`, `${labels}.${"d".repeat(62)}`];
  expect(longest).toHaveLength(253);
  expect(parseDomains(`${longest} ${longer}`)).toEqual({ domains: [longest], wrong: [longer] });
});

let ground: Ground;
let app: App;
let office: Office;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp();
});
beforeEach(async () => {
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

const allow = (...domains: string[]) =>
  changeDomains(
    office.scope,
    office.ada,
    { id: office.organizationId, name: "Acme", colour: 3, deletesAt: null },
    domains,
  );

test("only addresses of these domains are invited, whatever the case of their letters", async () => {
  await allow("example.com");
  const addresses = [
    "one@example.com",
    "Two@EXAMPLE.com",
    "three@sub.example.com",
    "four@example.org",
    "five@notexample.com",
  ];
  const entries = addresses.map((address) => ({ address, roleId: office.roleId("Collaborator") }));
  const sent = await app.invitations.send(office.scope, office.ada, { batch: newBatch(), entries, note: "", days: 7 });
  const no = "domain-not-allowed";
  expect(sent.map(({ result }) => result)).toEqual(["sent", "sent", no, no, no]);
});

test("nobody is invited, sent another mail or taken in while the organization waits for its deletion", async () => {
  const guest = await newcomer(ground, app, "guest");
  const { id, token } = await office.inviteOne(guest.email);
  const refusal = { reason: "being-deleted" };
  await office.scope.write((tx, { organizationSettings }) =>
    tx.upsert(organizationSettings, { updatedAt: tx.at, deletesAt: tx.at }, { deletesAt: tx.at }),
  );
  expect(await office.invite([`other.${guest.email}`])).toMatchObject([{ result: "being-deleted" }]);
  expect(await app.invitations.resend(office.scope, office.ada, [id])).toMatchObject([refusal]);
  expect(await app.invitations.changeRole(office.scope, office.ada, id, office.roleId("Admin"))).toMatchObject(refusal);
  expect(await app.invitations.accept(token, guest)).toEqual({ ok: false, ...refusal });
  expect(await app.invitations.open(token)).toMatchObject({ kind: "usable", notAdmitted: "being-deleted" });
});

test("who was invited before neither gets another mail nor in, until their domain is allowed again", async () => {
  const guest = await newcomer(ground, app, "guest");
  const { id, token } = await office.inviteOne(guest.email);
  await allow("example.org");
  expect(await app.invitations.resend(office.scope, office.ada, [id])).toMatchObject([
    { reason: "domain-not-allowed" },
  ]);
  expect(await app.invitations.renewLink(office.scope, office.ada, id)).toMatchObject({ reason: "domain-not-allowed" });
  expect(await app.invitations.accept(token, guest)).toEqual({ ok: false, reason: "domain-not-allowed" });
  expect(await office.member(guest.logtoId)).toBeUndefined();
  await allow("example.org", "example.com");
  expect(await app.invitations.accept(token, guest)).toMatchObject({ ok: true });
  await allow("example.org");
  expect(await app.invitations.accept(token, guest), "whoever is in stays").toMatchObject({ ok: true });
});
