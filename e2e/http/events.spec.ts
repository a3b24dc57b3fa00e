// The stream of events over HTTP: who may listen, what a change makes pages hear, and that it ends with what it stands on.
import { organizationHeader, paths } from "../../app/paths";
import { header } from "./ask";
import { listen } from "./listener";
import { pathOf } from "./operations";
import { canary, expect, test } from "./subjects";
import { enter } from "./visitor";

test.describe.configure({ mode: "default" });

const ended = (why: string) => ({ event: "end", data: { why } });

test.describe("whoever listens", () => {
  test("is a member whose page is of the organization where they are", async ({ world, cast }) => {
    const ada = await listen(world.baseUrl, cast.ada);
    expect(ada.status).toBe(200);
    expect(ada.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    expect(ada.headers["cache-control"]).toBe("private, no-store, no-transform");
    expect(ada.headers["content-security-policy"]).toContain("script-src");
    expect(await ada.next("ready")).toEqual({ event: "ready", data: {} });
    ada.close();
  });

  test("hears at once that nobody is signed in, or that their page is of another organization", async ({
    world,
    cast,
  }) => {
    const { baseUrl } = world;
    const { acme, globex, elsewhere } = cast;
    expect(await (await listen(baseUrl, cast.anonymous, { page: acme.id })).end()).toEqual([ended("signed-out")]);
    const stale = await listen(baseUrl, cast.bobInAcme, { page: globex.id });
    expect(await stale.end()).toEqual([ended("switched")]);
    const foreign = await listen(baseUrl, cast.bobInAcme, { page: elsewhere.id });
    const unknown = await listen(baseUrl, cast.bobInAcme, { page: "0123456789ab" });
    expect(await foreign.end()).toEqual(await unknown.end());
    const rightful = await listen(baseUrl, cast.bobInAcme);
    expect(await rightful.next("ready"), "his own page").toBeDefined();
    rightful.close();
  });

  test("has a program that reads streams: every other is answered at once, and refused as anywhere else", async ({
    cast,
  }) => {
    const { ada, bobInAcme, anonymous, acme, globex } = cast;
    const address = `${paths.events}?page=${acme.id}`;
    expect((await ada.read(address)).status).toBe(400);
    expect((await anonymous.read(address)).status).toBe(401);
    expect((await bobInAcme.read(`${paths.events}?page=${globex.id}`)).status).toBe(409);
    for (const query of ["", "?page=", `?page=${acme.id}&page=${globex.id}`])
      expect((await ada.send(paths.events + query, { headers: { Accept: "text/event-stream" } })).status, query).toBe(
        400,
      );
    expect((await ada.send(address, { method: "HEAD", headers: { Accept: "text/event-stream" } })).status).toBe(400);
  });
});

test("Ada gives a colleague another role: their pages are told, say that they have read it, and she hears on how many", async ({
  world,
  cast: { ada, acme },
  logto,
  colleague,
}) => {
  const person = await colleague(acme);
  const theirs = await enter(world.baseUrl, person, acme);
  const [one, two, hers] = await Promise.all([
    listen(world.baseUrl, theirs, { tab: "one" }),
    listen(world.baseUrl, theirs, { tab: "two" }),
    listen(world.baseUrl, ada),
  ]);
  for (const listener of [one, two, hers]) expect(await listener.next("ready")).toBeDefined();

  const answer = await ada.submit(pathOf("members.role", { memberId: person.id }), {
    role: await logto.roleId("Admin"),
  });
  expect(answer.status).toBe(302);
  const told = await Promise.all([one.change("membership"), two.change("membership")]);
  const id = String(told[0]?.data.id);
  expect(told[1]?.data.id, "both pages hear of one change").toBe(id);
  expect(await hers.change("members")).toBeDefined();
  expect((await ada.read(paths.members)).text, "her page knows what to wait for").toContain(id);
  expect((await theirs.read(paths.posts)).text, "and theirs who it was").toContain("roleGivenBy");

  for (const [index, tab] of ["one", "two"].entries()) {
    const confirmed = await theirs.submit(paths.confirmEvent, { change: id, tab });
    expect(confirmed.status).toBe(204);
    expect(await hers.next("confirmed", { change: id })).toMatchObject({ data: { pages: index + 1 } });
  }
  expect((await theirs.submit(paths.confirmEvent, { change: id, tab: "one" })).status, "said twice").toBe(204);
  for (const listener of [one, two, hers]) listener.close();
});

test("only the person whose role it is confirms a change", async ({ world, cast, logto, colleague }) => {
  const { ada, bobInAcme, bobInGlobex, anonymous, acme, globex } = cast;
  const person = await colleague(acme);
  const theirs = await enter(world.baseUrl, person, acme);
  await ada.submit(pathOf("members.role", { memberId: person.id }), { role: await logto.roleId("Admin") });
  const landed = async () => /changeId[\\",]+([\w-]{10,})/.exec((await ada.read(paths.members)).text)?.[1] ?? "";
  const change = await landed();
  expect(change).not.toBe("");

  const hers = await listen(world.baseUrl, ada);
  await hers.next("ready");
  expect((await bobInAcme.submit(paths.confirmEvent, { change, tab: canary })).status).toBe(204);
  expect((await bobInGlobex.submit(paths.confirmEvent, { change, tab: canary })).status).toBe(204);
  expect((await anonymous.submit(paths.confirmEvent, { change, tab: "x" }, { page: acme.id })).status).toBe(401);
  expect((await bobInAcme.submit(paths.confirmEvent, { change, tab: "x" }, { page: globex.id })).status).toBe(409);
  expect((await bobInAcme.submit(paths.confirmEvent, { change, tab: "x" }, { page: null })).status).toBe(428);
  for (const fields of [{}, { change }, { tab: "x" }, { change: "", tab: "x" }, { change: "x".repeat(65), tab: "x" }])
    expect((await theirs.submit(paths.confirmEvent, fields as Record<string, string>)).status).toBe(400);
  expect((await theirs.submit(paths.confirmEvent, { change, tab: "theirs" })).status).toBe(204);
  expect(await hers.next("confirmed"), "theirs is the first that counts").toMatchObject({ data: { change, pages: 1 } });
  hers.close();
});

test("a removed colleague's streams end with that, and so do those of another organization's page and of whoever signs out", async ({
  world,
  cast: { ada, acme, globex, people },
  colleague,
}) => {
  const person = await colleague(acme);
  const theirs = await enter(world.baseUrl, person, acme);
  const streams = await Promise.all(["one", "two", "three"].map((tab) => listen(world.baseUrl, theirs, { tab })));
  for (const stream of streams) await stream.next("ready");
  expect((await ada.submit(pathOf("members.remove", { memberId: person.id }))).status).toBe(302);
  for (const stream of streams) expect((await stream.end()).at(-1)).toEqual(ended("removed"));
  expect((await theirs.read(paths.posts, "data", { [organizationHeader]: acme.id })).status).not.toBe(200);

  const bob = await enter(world.baseUrl, people.bob, acme);
  const his = await listen(world.baseUrl, bob);
  await his.next("ready");
  expect((await bob.submit(paths.switchOrganization, { organization: globex.id })).status).toBe(302);
  expect((await his.end()).at(-1)).toEqual(ended("switched"));
  const again = await listen(world.baseUrl, { ...bob, organization: globex });
  await again.next("ready");
  expect(header(await bob.submit(paths.signOut), "set-cookie")).toContain("Max-Age=0");
  expect((await again.end()).at(-1)).toEqual(ended("signed-out"));
});

test("one person's pages are counted: the twenty-first ends the first", async ({ world, cast: { acme }, operator }) => {
  const person = await operator.makePerson("Dan", [acme, "Collaborator"]);
  const dan = await enter(world.baseUrl, person, acme);
  const streams = [];
  for (let tab = 0; tab <= 20; tab += 1) {
    const stream = await listen(world.baseUrl, dan, { tab: String(tab) });
    await stream.next("ready");
    streams.push(stream);
  }
  expect((await streams[0]?.end())?.at(-1)).toEqual(ended("too-many"));
  for (const stream of streams.slice(1)) stream.close();
});
