// The matrix: every operation, asked for by every actor in every way, and held against what expected.json says.
import type { OperationName } from "../../../app/auth/policy";
import { accessChanged } from "../../../app/http/sentences";
import { told, type Answer } from "../../http/ask";
import { pathOf, type Ids } from "../../http/operations";
import type { Visitor } from "../../http/visitor";
import type { Canary } from "../canary";
import { actorKeys, introductions, type ActorKey, type Cast } from "../cast";
import { readExpected, type Row } from "../expected";
import { askedInVain, learnIds } from "../known-ids";
import type { CaseId, Check, Evidence, Part, Stage, Verdict } from "../part";
import {
  changes,
  evidenceOf,
  isLetIn,
  isRead,
  outcomeOf,
  sendingOf,
  shown,
  transportsOf,
  wholeOf,
  type Extra,
  type Outcome,
  type Sending,
  type Transport,
} from "../requests";
import { createSubjects, nameNow, neverLike, type Subject, type Subjects } from "../subjects";
import { sentenceOf } from "./sentences";
import { createKept } from "./kept";
import { createSecurityLog, type SecurityLog } from "./security-log";
import { openCast } from "../stage-cast";

export const matrix: Part = {
  name: "matrix",
  proves:
    "Every operation answers every actor, in every way to ask for it, as expected.json says, and tells nobody of what is another organization's.",
  cases: ["A1", "A2", "B1", "F1", "G2"],
  place: "world",
  async run(stage) {
    const cast = await openCast(stage);
    const subjects = createSubjects(cast);
    const security = createSecurityLog(cast.world.logFile);
    const kept = createKept();
    const rows = readExpected().filter(({ operation }) => isAsked(operation, stage));
    for (const [index, row] of rows.entries()) {
      learnIds(cast.database, cast.canaries);
      await askRow({ stage, cast, subjects, security, kept }, row);
      await subjects.tidy();
      stage.progress(index + 1, rows.length);
    }
    for (const check of [...security.judge(), ...kept.judge()]) stage.report(check);
  },
};

function isAsked(operation: OperationName, { narrow: { route } }: Stage): boolean {
  return !route || operation.includes(route) || pathOf(operation).includes(route);
}

interface Ground {
  stage: Stage;
  cast: Cast;
  subjects: Subjects;
  security: SecurityLog;
  kept: ReturnType<typeof createKept>;
}

/** One answer, and whether it was as it should be. */
interface Probe {
  actor: ActorKey;
  transport: Transport;
  expected: Outcome;
  actual: string;
  verdict: Verdict;
  /** Whether what never was is answered in the same bytes; undefined when it was not compared. */
  isAlike?: boolean;
  evidence: Evidence;
}

async function askRow(ground: Ground, row: Row): Promise<void> {
  const probes: Probe[] = [];
  const asked = actorKeys.filter((key) => !ground.stage.narrow.actor || key === ground.stage.narrow.actor);
  const reading = isRead(row.operation) ? await ground.subjects.make(row.about) : undefined;
  for (const transport of transportsOf(row.operation)) {
    const subject = reading ?? (await ground.subjects.make(row.about));
    probes.push(...(await askTransport(ground, row, transport, subject, asked)));
  }
  const alike = probes.filter(({ isAlike }) => isAlike !== undefined);
  if (alike.length > 0) ground.stage.report(sameAsNever(row, alike));
  for (const actor of asked)
    ground.stage.report(
      checkOf(
        row,
        actor,
        probes.filter((probe) => probe.actor === actor),
      ),
    );
}

/** First those who may change nothing, on one subject; then, on the very same, the control; then whoever else may. */
async function askTransport(
  ground: Ground,
  row: Row,
  transport: Transport,
  subject: Subject,
  asked: ActorKey[],
): Promise<Probe[]> {
  const { stage, cast, subjects } = ground;
  const whoChanges = actorKeys.filter((key) => changes(row.outcomes[key]));
  const others = asked.filter((key) => !whoChanges.includes(key));
  const probes: Probe[] = [];
  const visitors: [ActorKey, Visitor][] = [];
  for (const key of others) visitors.push([key, await visitorFor(cast, row, key)]);
  const isInside = (visitor: Visitor) => visitor.organization === cast.organizations.acme;
  for (const inside of [false, true]) {
    const group = visitors.filter(([, visitor]) => isInside(visitor) === inside);
    const found = await unlessChanged(ground, row, group, (key, visitor) =>
      askAs(ground, row, transport, subject, key, visitor),
    );
    probes.push(...found);
  }

  const control = whoChanges[0] ?? others.find((key) => isLetIn(row.outcomes[key]));
  const logs = Object.values(cast.organizations).map(({ id }) => id); // a line of the log alone is no change
  const takers = whoChanges.filter((key) => asked.includes(key) || key === control);
  for (const [index, key] of takers.entries()) {
    const fresh = index === 0 ? subject : await subjects.make(row.about);
    const visitor = await visitorFor(cast, row, key);
    const before = await stateOf(cast, row, logs);
    const taken = await askAs(ground, row, transport, fresh, key, visitor);
    const isTaken = !isToWrite(row, key) || (await stateOf(cast, row, logs)) !== before;
    for (const probe of taken) if (!isTaken) spoil(probe, "broken", "nothing that is stored was changed");
    probes.push(...taken);
  }
  const works = control !== undefined && probes.some(({ actor, verdict }) => actor === control && verdict === "held");
  for (const probe of probes.filter(({ expected }) => !isLetIn(expected))) {
    if (!control) continue; // nobody is let in: an address that leads nowhere
    stage.count("controls");
    if (works) stage.count("controls worked");
    else spoil(probe, "unproven", `${introductions[control]} should have been let in by the same request, and was not`);
  }
  return probes;
}

/** What is published already is published. */
const isToWrite = ({ operation, about, outcomes }: Row, key: ActorKey) =>
  about !== undefined && changes(outcomes[key]) && (operation !== "posts.publish" || about.endsWith("draft"));

/** Whoever is not in Acme adds nothing to its audit log either: refusals are written down where they are. */
async function unlessChanged(
  { cast }: Ground,
  row: Row,
  visitors: [ActorKey, Visitor][],
  ask: (key: ActorKey, visitor: Visitor) => Promise<Probe[]>,
): Promise<Probe[]> {
  const logsOf = visitors.flatMap(([, { organization }]) => (organization ? [organization.id] : []));
  const before = await stateOf(cast, row, logsOf);
  const probes: Probe[] = [];
  for (const [key, visitor] of visitors) probes.push(...(await ask(key, visitor)));
  if ((await stateOf(cast, row, logsOf)) === before) return probes;
  for (const probe of probes) spoil(probe, "leaked", "something that is stored was changed");
  return probes;
}

function spoil(probe: Probe, verdict: Verdict, why: string): void {
  if (probe.verdict !== "held") return;
  probe.verdict = verdict;
  probe.actual = `${probe.actual}; ${why}`;
}

/** The app's whole file, and of what is about people all of Acme at Logto. */
async function stateOf(
  { database, logto, organizations }: Cast,
  { operation }: Row,
  logsOf: string[],
): Promise<string> {
  const isOfPeople = /^(members|invitations|requests|join|waiting|account)\./.test(operation);
  const here = database.checksumBeside({ organizations: [], logsOf });
  return isRead(operation) || !isOfPeople ? here : here + (await logto.stateOf(organizations.acme));
}

/** The request itself; for who is not in Acme the same for what never was, and with what they must not name in other places. */
async function askAs(
  ground: Ground,
  row: Row,
  transport: Transport,
  subject: Subject,
  key: ActorKey,
  visitor: Visitor,
): Promise<Probe[]> {
  const { cast } = ground;
  const expected = row.outcomes[key];
  const extra = extraOf(cast, row.operation, visitor);
  const send = createSender(ground, row, visitor, transport);
  let main = await send(subject.ids, extra);
  // Logto's word of what the actor before has changed arrives when it does. Whom it meets between guard and write is asked to send the form again: for
  // this one reason, and not for another 409.
  for (let again = 0; again < mostWords && changes(expected) && isInterrupted(main.answer); again += 1)
    main = await send(subject.ids, extra);
  const probe = judge(ground, row, key, transport, subject, main);
  if (!row.about || isLetIn(expected) || subject.ids.token) return [probe]; // whoever has a link has a key, and may learn that it fits

  const never = neverLike(subject.ids);
  const missing = await send(never, extra);
  const values = (ids: Ids) => Object.values(ids);
  if (expected !== "forbidden") {
    probe.isAlike = told(main.answer, ...values(subject.ids)) === told(missing.answer, ...values(never));
    if (!probe.isAlike) spoil(probe, "leaked", "what never existed is answered otherwise");
  }
  const smuggled: Probe[] = [];
  if (isOutsider(key) && transport !== "head")
    for (const [where, hidden] of Object.entries(placesFor(subject.ids, row.operation))) {
      const tempted = await send(never, { ...extra, ...hidden });
      const found = judge(ground, row, key, transport, subject, tempted);
      found.evidence.what = `Named ${where}, ${found.evidence.what}`;
      const echo = [...spellingsOf(hidden.query), ...values(never), ...values(subject.ids)];
      const isSame = told(withoutEcho(tempted.answer, echo)) === told(withoutEcho(missing.answer, echo));
      if (!isSame && !keepsWhatWasTyped(where, expected))
        spoil(found, "leaked", `an id that is named ${where} changes the answer`);
      smuggled.push(found);
    }
  return [probe, ...smuggled];
}

/** Webhooks that one change at Logto sends. */
const mostWords = 2;
const isInterrupted = ({ status, text }: Answer) => status === 409 && text.includes(accessChanged().title);

const isOutsider = (key: ActorKey) => ["bobInGlobex", "cleo", "eve"].includes(key);

/** Where else an id could be named. */
function placesFor(ids: Ids, operation: OperationName): Record<string, Extra> {
  const named = Object.fromEntries(Object.entries(ids).filter(([name]) => name !== "roleId"));
  const headers = Object.fromEntries(Object.entries(named).map(([name, id]) => [`X-${name}`, id]));
  const both = { ...named, id: Object.values(named)[0] ?? "" };
  return {
    "in the query": { query: both },
    "in headers": { headers },
    ...(!isRead(operation) && { "in the form": { fields: both } }),
  };
}

/** The page of a missing permission shows what was typed, whatever it was. */
const keepsWhatWasTyped = (where: string, expected: Outcome) => where === "in the form" && expected === "forbidden";

/** A page names the address it is at: as it is, in HTML, in JSON, and inside another address. */
function spellingsOf(query: Record<string, string> = {}): string[] {
  const text = new URLSearchParams(query).toString();
  if (!text) return [];
  const ampersands = ["&", "&amp;", String.raw`\u0026`, "%26"];
  return [...ampersands.map((one) => text.replaceAll("&", one)), encodeURIComponent(text)].flatMap((one) => [
    ...["?", "&", "&amp;", "%3F", "%26"].map((mark) => mark + one),
  ]);
}

function withoutEcho(answer: Answer, echo: string[]): Answer {
  const without = (text: string) => echo.reduce((left, one) => (one ? left.replaceAll(one, "") : left), text);
  const headers = answer.headers.map(([name, value]): [string, string] => [name, without(value)]);
  return { ...answer, headers, text: without(answer.text) };
}

interface Sent {
  sending: Sending;
  answer: Answer;
}

function createSender({ stage, cast }: Ground, row: Row, visitor: Visitor, transport: Transport) {
  const origin = new URL(cast.world.baseUrl).origin;
  return async (ids: Ids, extra: Extra): Promise<Sent> => {
    const sending = sendingOf(visitor, origin, row.operation, ids, transport, extra);
    const { target, ...asking } = sending;
    stage.count("probes");
    return { sending, answer: await visitor.send(target, asking) };
  };
}

function judge(
  { cast, security, kept }: Ground,
  row: Row,
  key: ActorKey,
  transport: Transport,
  subject: Subject,
  { sending, answer }: Sent,
): Probe {
  const expected = row.outcomes[key];
  const actual = outcomeOf(answer, row.operation, transport);
  const { reader } = cast.actors[key];
  const vain = row.operation.startsWith("audit.") ? askedInVain(cast.database, reader.organization ?? "") : "";
  const foreign = cast.canaries
    .foreignIn(wholeOf(answer), reader, sending.target + (sending.body ?? "") + vain)
    .filter((canary) => !isTold(subject, canary));
  if (!isLetIn(expected)) security.expect(row.operation, expected, answer);
  kept.look(row.operation, answer);
  const evidence = evidenceOf(introductions[key], sending, answer, cast.world.baseUrl);
  const probe: Probe = { actor: key, transport, expected, actual: String(actual), verdict: "held", evidence };
  if (actual !== shown(expected)) {
    const opened = typeof actual === "string" && isLetIn(actual) && !isLetIn(expected);
    spoil(probe, opened ? "leaked" : "broken", `HTTP ${answer.status}`);
  }
  if (foreign.length > 0) spoil(probe, "leaked", `the answer holds ${foreign.map(({ what }) => what).join(", ")}`);
  if (transport === "head" && answer.text) spoil(probe, "broken", "an answer to HEAD has a body");
  return probe;
}

function isTold({ tells = "" }: Subject, { token }: Canary): boolean {
  return tells.includes(token);
}

function checkOf(row: Row, actor: ActorKey, probes: Probe[]): Check {
  const worst = (["leaked", "broken", "unproven"] as const).find((verdict) =>
    probes.some((one) => one.verdict === verdict),
  );
  const bad = probes.find(({ verdict }) => verdict === worst);
  const expected = row.outcomes[actor];
  return {
    title: sentenceOf(row, actor),
    verdict: worst ?? "held",
    case: caseOf(row, expected),
    expected,
    actual: bad ? `${bad.transport}: ${bad.actual}` : expected,
    evidence: probes.map(({ transport, verdict, actual, evidence }) => ({
      ...evidence,
      what: `As ${transport}, ${verdict === "held" ? "as expected" : `${verdict} (${actual})`}. ${evidence.what}`,
    })),
    cell: { operation: row.operation, about: row.about, actor },
  };
}

function sameAsNever(row: Row, probes: Probe[]): Check {
  const other = probes.filter(({ isAlike }) => !isAlike);
  return {
    title: `${row.operation} of ${row.about ?? "anything"} in Acme and of what never was: whoever is outside gets the same bytes`,
    case: "F1",
    verdict: other.length === 0 ? "held" : "leaked",
    expected: `${probes.length} pairs of answers are equal`,
    actual: other.length === 0 ? "they are" : `not for ${[...new Set(other.map(({ actor }) => actor))].join(", ")}`,
    evidence: other.map(({ evidence }) => evidence),
  };
}

function caseOf({ operation, about }: Row, expected: Outcome): CaseId | undefined {
  if (expected === "forbidden") return "B1";
  if (expected !== "nothing" || !about) return undefined;
  return isRead(operation) ? "A1" : "A2";
}

/** What ends or moves a session is asked for with one of its own, and what ends a membership or other sessions by somebody else in the same place. */
async function visitorFor(cast: Cast, { operation, outcomes }: Row, key: ActorKey): Promise<Visitor> {
  const { visitor, again, another } = cast.actors[key];
  if (endsMore.includes(operation) && outcomes[key] === "done") return another();
  return spendsSession.includes(operation) ? again() : visitor;
}

const spendsSession: OperationName[] = ["auth.sign-out", "organizations.switch", "organizations.first"];
const endsMore: OperationName[] = ["members.leave", "account.delete", "account.sessions.end-others"];

/** What a form says of its sender, or of where they are. */
function extraOf(cast: Cast, operation: OperationName, { email, organization }: Visitor): Extra {
  if (operation === "organizations.switch") return { fields: { organization: cast.organizations.acme.id } };
  // Without being a listener: the answer to one never ends. What a listener hears is looked at by case G3.
  if (operation === "events.listen") return { query: { page: organization?.id ?? cast.organizations.acme.id } };
  if (operation === "account.delete") return { fields: { confirmation: email } };
  if (operation === "settings.delete") return { fields: { name: nameNow(cast, organization?.id ?? "") } };
  return {};
}
