// Plans, seats and invoices against the emulator, in one process and in two over the same file.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { newcomer, openOffice, tokenOf, type Office } from "../../../e2e/office";
import { addDays, addMonths, dayOf } from "./periods";
import { noDetails } from "./details.server";
import { type PlanName, plans } from "./plans";
import { settleInvoice } from "./invoices.server";
import { putOnPlan, runBilling } from "../../../scripts/billing";

let ground: Ground;
let app: App;
let office: Office;
let guests = 0;
const hour = 60 * 60_000;
const day = 24 * hour;
const seatsOfFree = 10;

beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ line: { failures: 1_000 } });
});
beforeEach(async () => {
  await ground.heal();
  app.clock.ahead = 0;
  office = await openOffice(ground, app, { plan: "free" });
});
afterAll(() => ground.close());

const guest = () => `seat.${(guests += 1)}@example.com`;
const guestsOf = (count: number) => Array.from({ length: count }, guest);
const today = () => dayOf(new Date(Date.now() + app.clock.ahead));
const organizationName = "Acme";

async function choose(plan: PlanName, on: App = app) {
  const preview = await on.billing.preview(office.scope, plan);
  if (preview === "unavailable") throw new Error("Logto does not answer");
  return on.billing.choose(office.scope, { plan, basis: preview.basis, organizationName });
}

async function overview() {
  const shown = await app.billing.overview(office.scope);
  if (shown === "unavailable") throw new Error("Logto does not answer");
  return shown;
}

const invoices = async () => (await app.billing.invoices(office.scope, 1)).invoices;
const results = async (sending: ReturnType<Office["invite"]>) => (await sending).map(({ result }) => result);

describe("seats", () => {
  test("are used by members and by open invitations; a revoked one gives its seat back", async () => {
    expect(await app.billing.seats(office.scope)).toMatchObject({ members: 1, invited: 0, used: 1, most: seatsOfFree });
    const [sent] = await office.invite([guest()]);
    expect(await app.billing.seats(office.scope)).toMatchObject({ members: 1, invited: 1, used: 2, free: 8 });
    await app.invitations.revoke(office.scope, office.ada, [sent?.invitationId ?? ""]);
    expect(await app.billing.seats(office.scope)).toMatchObject({ used: 1, free: 9 });
  });

  test("are given to the first addresses of a batch, and each of the others is told", async () => {
    const sent = await results(office.invite(guestsOf(11)));
    expect(sent).toEqual([...Array.from({ length: 9 }, () => "sent"), "no-seat", "no-seat"]);
    expect(await office.invitationsAtLogto()).toHaveLength(9);
    await choose("team");
    expect(await results(office.invite([guest()])), "with a larger plan").toEqual(["sent"]);
  });

  test("cannot be used twice by invitations that are sent at once, in two processes either", async () => {
    const other = ground.openApp({ file: app.file });
    const batches = [app, other, app, other].map((on, index) => {
      const entries = guestsOf(4).map((address) => ({ address, roleId: office.roleId("Collaborator") }));
      return on.invitations.send(on.store.scope(office.scope.organizationId), office.ada, {
        ...{ batch: `at-once-${office.scope.organizationId}-${index}`, entries, note: "", days: 7 },
      });
    });
    const sent = (await Promise.all(batches)).flat().map(({ result }) => result);
    expect(sent.filter((result) => result === "sent")).toHaveLength(9);
    expect(sent.filter((result) => result === "no-seat")).toHaveLength(7);
  });

  test("are asked for again when somebody accepts: members that Logto was given meanwhile are not removed", async () => {
    const nora = await newcomer(ground, app, "Nora");
    const [sent] = await office.invite([nora.email]);
    for (let extra = 0; extra < 10; extra += 1) await office.hire(`Extra${extra}`, "Collaborator");
    expect(await app.billing.seats(office.scope)).toMatchObject({ members: 11, used: 12, most: 10, free: 0 });
    const token = tokenOf(sent?.link ?? "");
    expect(await app.invitations.accept(token, nora)).toEqual({ ok: false, reason: "no-seat" });
    expect(await office.row(sent?.invitationId ?? "")).toMatchObject({ status: "pending" });
    expect(await app.billing.seats(office.scope), "nobody lost anything").toMatchObject({ members: 11 });
    await choose("team");
    expect(await app.invitations.accept(token, nora), "with a larger plan").toMatchObject({ ok: true });
  });

  test("let somebody in who is a member already, at Logto, by an attempt that was broken off", async () => {
    const nora = await newcomer(ground, app, "Nora");
    const [sent] = await office.invite([nora.email]);
    for (let extra = 0; extra < 8; extra += 1) await office.hire(`Extra${extra}`, "Collaborator");
    await ground.addMember(office.scope.organizationId, { id: nora.logtoId }, "Collaborator");
    expect(await app.billing.seats(office.scope)).toMatchObject({ members: 10 });
    expect(await app.invitations.accept(tokenOf(sent?.link ?? ""), nora)).toMatchObject({ ok: true });
  });

  test("go to no more people than there are, however many accept at once", async () => {
    const people = await Promise.all(Array.from({ length: 6 }, (_, index) => newcomer(ground, app, `Guest${index}`)));
    const sent = await office.invite(people.map(({ email }) => email));
    for (let extra = 0; extra < 6; extra += 1) await office.hire(`Extra${extra}`, "Collaborator");
    const accept = () => {
      const attempts = people.map((person, index) => app.invitations.accept(tokenOf(sent[index]?.link ?? ""), person));
      return Promise.all(attempts);
    };
    await accept();
    await accept(); // whoever was counted twice for a moment
    expect(await app.billing.seats(office.scope)).toMatchObject({ members: 10, free: 0 });
  });
});

describe("a plan", () => {
  test("begins today on Free, with an invoice, and says so before", async () => {
    const preview = await app.billing.preview(office.scope, "team");
    expect(preview).toMatchObject({ from: "free", to: "team", startsOn: today(), beginsToday: true, fits: true });
    expect(await invoices()).toEqual([]);
    expect(await choose("team")).toEqual({ ok: true, plan: "team", startsOn: today() });
    const [invoice, ...others] = await invoices();
    expect(others).toEqual([]);
    expect(invoice).toMatchObject({ plan: "team", startsOn: today(), status: "open", total: plans.team.price });
    expect(invoice?.dueOn).toBe(addDays(today(), 14));
    expect(await overview()).toMatchObject({ plan: "team", nextInvoice: { on: addMonths(today(), 1), plan: "team" } });
  });

  test("changes with the next period; choosing the present one again takes it back", async () => {
    await choose("team");
    const next = addMonths(today(), 1);
    expect(await choose("business")).toEqual({ ok: true, plan: "business", startsOn: next });
    expect(await overview()).toMatchObject({ plan: "team", ahead: { plan: "business", startsOn: next } });
    await choose("team");
    expect(await overview()).toMatchObject({ plan: "team", ahead: undefined });
    await choose("free");
    expect(await overview()).toMatchObject({ plan: "team", ahead: { plan: "free" }, nextInvoice: undefined });
    app.clock.ahead = 32 * day;
    expect(await overview()).toMatchObject({ plan: "free", period: undefined });
    expect(await invoices()).toHaveLength(1);
  });

  test("that does not have the seats that are used is refused, and smaller ones count as soon as they are chosen", async () => {
    await choose("team");
    await office.invite(guestsOf(10));
    expect(await app.billing.preview(office.scope, "free")).toMatchObject({ fits: false });
    expect(await choose("free")).toEqual({ ok: false, reason: "no-room", used: 11, most: 10 });
    const [row] = await office.rows();
    await app.invitations.revoke(office.scope, office.ada, [row?.id ?? ""]);
    expect(await choose("free")).toMatchObject({ ok: true });
    expect(await results(office.invite([guest()]))).toEqual(["no-seat"]);
    await choose("team");
    expect(await results(office.invite([guest()]))).toEqual(["sent"]);
  });

  test("is not chosen on a preview that somebody else's choice has overtaken; pressing twice chooses once", async () => {
    const preview = await app.billing.preview(office.scope, "business");
    const basis = typeof preview === "string" ? "" : preview.basis;
    await choose("team");
    expect(await app.billing.choose(office.scope, { plan: "business", basis, organizationName })).toEqual({
      ...{ ok: false, reason: "stale" },
    });
    expect(await app.billing.choose(office.scope, { plan: "team", basis, organizationName })).toMatchObject({
      ok: true,
    });
    expect(await invoices()).toHaveLength(1);
  });

  test("is neither shown nor changed while Logto, which counts the members, does not answer", async () => {
    await ground.fault({
      kind: "status",
      status: 503,
      match: { path: `/api/organizations/${office.scope.organizationId}/users` },
    });
    expect(await app.billing.overview(office.scope)).toBe("unavailable");
    expect(await app.billing.choose(office.scope, { plan: "team", basis: "none", organizationName })).toEqual({
      ...{ ok: false, reason: "unavailable" },
    });
    await ground.heal();
    expect(await choose("team")).toMatchObject({ ok: true });
  });
});

describe("invoices", () => {
  test("are made for each period once, however often and in however many processes it is asked for", async () => {
    await choose("team");
    await office.invite(guestsOf(11));
    app.clock.ahead = 95 * day;
    const other = ground.openApp({ file: app.file });
    other.clock.ahead = app.clock.ahead;
    await Promise.all([app, other, app, other].map((on) => on.invoicing.run()));
    expect(await app.invoicing.run(), "none was left out").toBe(0);
    const all = await invoices();
    expect(all.map(({ number }) => number.slice(-4))).toEqual(["0004", "0003", "0002", "0001"]);
    for (const [index, invoice] of all.slice(0, -1).entries()) expect(invoice.startsOn).toBe(all[index + 1]?.endsOn);
    expect(
      all.map(({ status }) => status),
      "the first is due since long ago",
    ).toEqual(["open", "open", "open", "overdue"]);
  });

  test("count the seats of the day when they are made, each in a line, and the total is their sum", async () => {
    await putOnPlan(office.scope, "team", new Date());
    await office.invite(guestsOf(12));
    await app.invoicing.run();
    const [summary] = await invoices();
    const invoice = await app.billing.invoice(office.scope, summary?.id ?? "");
    expect(invoice?.lines).toEqual([
      { kind: "plan", quantity: 1, unit: plans.team.price },
      { kind: "seats", quantity: 3, unit: plans.team.seatPrice },
    ]);
    expect(invoice?.total).toBe(plans.team.price + 3 * plans.team.seatPrice);
  });

  test("wait for Logto, which counts the members, and are made by the next run", async () => {
    await putOnPlan(office.scope, "team", new Date());
    await ground.fault({
      kind: "status",
      status: 503,
      match: { path: `/api/organizations/${office.scope.organizationId}/users` },
    });
    await app.invoicing.run();
    expect(await invoices()).toEqual([]);
    await ground.heal();
    await app.invoicing.run();
    expect(await invoices()).toHaveLength(1);
  });

  test("keep whom they are for: what is changed counts for the next one", async () => {
    const details = { ...noDetails, company: "Acme Ltd", line1: "Mill", city: "Leeds", country: "GB", email: "a@b.co" };
    await app.billing.saveDetails(office.scope, { version: 0, details });
    await choose("team");
    await app.billing.saveDetails(office.scope, { version: 1, details: { ...details, company: "Acme plc" } });
    app.clock.ahead = 32 * day;
    await app.invoicing.run();
    const companies = await Promise.all(
      (await invoices()).map(async ({ id }) => (await app.billing.invoice(office.scope, id))?.billTo.company),
    );
    expect(companies).toEqual(["Acme plc", "Acme Ltd"]);
  });

  test("as CSV have no formulas in them", async () => {
    const details = { ...noDetails, company: '=HYPERLINK("http://evil")', email: "a@b.co" };
    await app.billing.saveDetails(office.scope, { version: 0, details });
    await choose("team");
    const [headings, line] = (await app.billing.csv(office.scope)).split("\r\n");
    expect(headings).toContain("Amount,Currency,Company");
    expect(line).toContain(`29.00,EUR,"'=HYPERLINK(""http://evil"")"`);
  });

  test("are another organization's to nobody, and nobody's numbers tell of others", async () => {
    await choose("team");
    const [mine] = await invoices();
    const neighbour = await openOffice(ground, app, { plan: "free" });
    expect(await app.billing.invoice(neighbour.scope, mine?.id ?? "")).toBeUndefined();
    expect((await app.billing.invoices(neighbour.scope, 1)).total).toBe(0);
    await putOnPlan(neighbour.scope, "team", new Date());
    await app.invoicing.run();
    const [theirs] = (await app.billing.invoices(neighbour.scope, 1)).invoices;
    expect(theirs?.number.slice(-4)).toBe("0001");
    expect(theirs?.number).not.toBe(mine?.number);
  });
});

describe("billing details", () => {
  const details = { ...noDetails, company: "Acme Ltd", email: "billing@example.com" };

  test("that were saved meanwhile are not written over unseen; sent twice they are saved once", async () => {
    const save = (company: string, version: number) =>
      app.billing.saveDetails(office.scope, { version, details: { ...details, company } });
    expect(await save("Acme Ltd", 0)).toEqual({ ok: true });
    expect(await save("Acme Ltd", 0)).toEqual({ ok: true });
    expect(await app.billing.details(office.scope)).toMatchObject({ version: 1 });
    expect(await save("Acme plc", 0)).toMatchObject({
      ...{ ok: false, reason: "stale", current: { version: 1, details: { company: "Acme Ltd" } } },
    });
    expect(await save("Acme plc", 1)).toEqual({ ok: true });
  });

  test("of two who save at once, one is told", async () => {
    const answers = await Promise.all(
      ["One", "Two"].map((company) =>
        app.billing.saveDetails(office.scope, { version: 0, details: { ...details, company } }),
      ),
    );
    expect(answers.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
  });
});

describe("the operator", () => {
  async function command(...parameters: string[]) {
    const lines: string[] = [];
    const code = await runBilling(parameters, {
      ...{ store: app.store, now: () => Date.now() + app.clock.ahead, print: (line: string) => lines.push(line) },
    });
    return { code, said: lines.join("\n") };
  }

  test("marks an invoice paid, once, and the organization sees it", async () => {
    await choose("team");
    const [invoice] = await invoices();
    const number = invoice?.number ?? "";
    expect((await command("list", "open")).said).toContain(number);
    expect(await command("mark-paid", number.toLowerCase())).toMatchObject({
      ...{ code: 0, said: expect.stringContaining("is paid now") },
    });
    expect(await command("mark-paid", number)).toMatchObject({
      code: 0,
      said: expect.stringContaining("was paid already"),
    });
    expect(await command("void", number)).toMatchObject({ code: 1, said: expect.stringContaining("is paid") });
    expect(await invoices()).toMatchObject([{ status: "paid" }]);
    expect((await overview()).open).toEqual([]);
  });

  test("declares an invoice void, and its period is not charged again", async () => {
    await choose("team");
    const [invoice] = await invoices();
    expect(await command("void", invoice?.number ?? "")).toMatchObject({ code: 0 });
    await app.invoicing.run();
    expect(await invoices()).toMatchObject([{ status: "void" }]);
    const again = { status: "paid", at: new Date() } as const;
    expect(await settleInvoice(office.scope, invoice?.id ?? "", again)).toEqual({ ok: false, reason: "closed" });
  });

  test("puts an organization on a plan", async () => {
    const { organizationId } = office.scope;
    expect(await command("set-plan", organizationId, "business")).toMatchObject({ code: 0 });
    expect(await overview()).toMatchObject({ plan: "business", seats: { most: null } });
  });

  test.each([
    [["mark-paid", "000000-9999"], 1, "There is no invoice"],
    [["set-plan", "nowhere", "team"], 1, "No organization has the id"],
    [["set-plan", "nowhere", "gold"], 2, "npm run billing"],
    [["list", "lost"], 2, "npm run billing"],
    [["mark-paid"], 2, "npm run billing"],
    [[], 2, "npm run billing"],
    [["help"], 0, "npm run billing"],
  ])("is told what is wrong with %j", async (parameters, code, sentence) => {
    expect(await command(...parameters)).toMatchObject({ code, said: expect.stringContaining(sentence) });
  });
});
