// Plays a trace three times, each on fresh databases: both organizations together, then each alone. Nobody may notice the difference.
import { createHash } from "node:crypto";
import type { OperationName } from "../../../app/auth/policy";
import { createInvitationLinks } from "../../../app/models/invitation-link.server";
import { organizationField, organizationHeader, paths } from "../../../app/paths";
import { told, type Asking } from "../../http/ask";
import { routeOf } from "../../http/operations";
import { addressOf } from "../../http/visitor";
import { origin, secret, type BuiltApp, type House, type OpenApp } from "../probe/house";
import { openTables, type Rows, type Tables } from "./tables";
import { request, type Pool } from "./recipes";
import { actors, otherSide, sides, type Side, type Step, type Trace } from "./trace";

/** What one side did, as it can be done again. */
interface Deed {
  side: Side;
  /** Of the side's steps, and which time. */
  number: string;
  at: number;
  step: Step;
  /** A request, and what was answered when both were there. */
  asked?: Asked;
  answer?: string;
  /** Or rows that appear. */
  twins?: Rows;
}

interface Asked {
  target: string;
  asking: Asking;
}

export interface Difference {
  /** In plain words. */
  sentence: string;
  together: string;
  alone: string;
}

export type Stages = Awaited<ReturnType<typeof openStages>>;

/** Three apps: one that both organizations use, and one for each of them alone. */
export async function openStages(house: House, built?: BuiltApp) {
  const furnished = await furnishedBy(house);
  const open = () => {
    const app = house.openApp(built, furnished);
    return { app, tables: openTables(app.file, house.organizations, tokens) };
  };
  const together = open();
  const alone = { a: open(), b: open() };
  const all = [together, alone.a, alone.b];

  return {
    /** Undefined: nobody notices anything of the other organization. */
    async play(trace: Trace): Promise<Difference | undefined> {
      const both = await playTogether(house, await ready(together), trace);
      for (const side of sides) {
        const difference = await playAlone(house, await ready(alone[side]), trace, side, both);
        if (difference) return difference;
      }
      return undefined;
    },
    async close(): Promise<void> {
      for (const { app, tables } of all) {
        tables.close();
        await app.close();
      }
    },
  };

  async function ready(stage: Stage): Promise<Stage> {
    await house.resetLogto();
    house.probe.setClock(() => house.began);
    stage.app.restore();
    return stage;
  }
}

interface Stage {
  app: OpenApp;
  tables: Tables;
}

const furnishings = new WeakMap<House, Promise<string>>();

function furnishedBy(house: House): Promise<string> {
  const made = furnishings.get(house) ?? house.furnish(({ visitors }) => furnish(visitors));
  furnishings.set(house, made);
  return made;
}

/** Both begin with the same posts and comments, under the same ids. */
async function furnish({ ada, abe, adb, abel }: OpenApp["visitors"]): Promise<void> {
  for (const [first, second] of [
    [ada, abe],
    [adb, abel],
  ] as const) {
    for (const [index, status] of ["published", "published", "draft"].entries()) {
      const key = `post-of-both-number-${index}.`.replace(".", "0").padEnd(22, "_");
      const author = index === 1 ? second : first;
      await author.submit(paths.newPost, { key, title: `Plan ${index}`, body: "Secret", status });
      await author.submit(paths.newComment(key), { key: `comment-of-both-no-${index}__`, body: "Plan" });
    }
  }
}

interface Together {
  deeds: Deed[];
  tables: Record<Side, string>;
}

async function playTogether(house: House, { app, tables }: Stage, trace: Trace): Promise<Together> {
  const deeds: Deed[] = [];
  let at = house.began;
  const counts: Record<Side, number> = { a: 0, b: 0 };
  for (const step of [...trace.steps, ...trace.looks]) {
    at += step.wait + 1;
    const number = (counts[step.side] += 1);
    if (step.what === "twin") {
      const twins = tables.twin(otherSide[step.side], step.side);
      deeds.push({ side: step.side, number: `${number}`, at, step, twins });
      continue;
    }
    const asked = concrete(house, app, tables, step);
    for (let time = 1; time <= step.times; time += 1) {
      const deed = { side: step.side, number: `${number}.${time}`, at: (at += 1), step };
      deeds.push({ ...deed, asked, answer: await send(house, app, trace, deed, asked) });
    }
  }
  return { deeds, tables: { a: tables.contents("a"), b: tables.contents("b") } };
}

async function playAlone(
  house: House,
  { app, tables }: Stage,
  trace: Trace,
  side: Side,
  together: Together,
): Promise<Difference | undefined> {
  for (const deed of together.deeds.filter((one) => one.side === side)) {
    if (deed.twins) tables.put(side, deed.twins);
    if (!deed.asked || deed.answer === undefined) continue;
    const answer = await send(house, app, trace, deed, deed.asked);
    if (answer !== deed.answer)
      return {
        sentence: `${describe(deed.step)} answers something else when ${otherSide[side] === "a" ? "the first" : "the second"} organization is there.`,
        together: deed.answer,
        alone: answer,
      };
  }
  const contents = tables.contents(side);
  if (contents === together.tables[side]) return undefined;
  const sentence = `The tables of the ${side === "a" ? "first" : "second"} organization hold something else when the other one is there.`;
  return { sentence, together: together.tables[side], alone: contents };
}

const links = createInvitationLinks({ origin, secrets: [secret] });
const tokens = links.tokenOf;

/** The request of a step, with the ids that there are now. */
function concrete(house: House, app: OpenApp, tables: Tables, step: Step): Asked {
  const { side, what, whose, pick, variant, asData } = step;
  const own = poolOf(house, tables, side);
  const about = whose === "foreign" ? poolOf(house, tables, otherSide[side]) : own;
  const operation = what as Exclude<typeof what, "twin">; // the caller makes the twins
  const { path, fields } = request(operation, {
    ...{ about, own, whose, pick, variant },
    key: drawn(`key ${pick % 5}`, 16).toString("base64url"),
    roleId: house.roleId,
    newcomer: house.people[side === "a" ? "ivy" : "jon"].email,
  });
  const actor = actorOf(step);
  const visitor = actor === "nobody" ? undefined : app.visitors[actor];
  const page = visitor?.organization?.id ?? house.organizations[side];
  const as = asData ? "data" : "document";
  const headers = {
    ...(visitor && { Cookie: visitor.cookie }),
    ...(asData && visitor?.organization && { [organizationHeader]: page }),
    Accept: asData ? "*/*" : "text/html",
  };
  const target = addressOf(path, as);
  if (!fields) return { target: asData && variant % 2 ? alone(target, operation) : target, asking: { headers } };
  const body = new URLSearchParams({ [organizationField]: page, ...fields }).toString();
  const form = { Origin: origin, "Content-Type": "application/x-www-form-urlencoded" };
  return { target, asking: { method: "POST", headers: { ...headers, ...form }, body } };
}

/** Of the route's data without its parents'. */
const alone = (target: string, operation: OperationName) =>
  `${target}${target.includes("?") ? "&" : "?"}_routes=${encodeURIComponent(routeOf(operation))}`;

const actorOf = ({ side, actor }: Step) => actors[side][actor % actors[side].length] ?? "nobody";

function poolOf(house: House, tables: Tables, side: Side): Pool {
  const inside = sideMembers[side].map((key) => house.people[key].id);
  return { ...tables.pool(side), members: inside, organization: house.organizations[side] };
}

const sideMembers = { a: ["abe", "gus", "ada", "ivy"], b: ["abel", "gust", "adb", "jon"] } as const;

async function send(
  { probe }: House,
  app: OpenApp,
  trace: Trace,
  { side, number, step, at }: Deed,
  { target, asking }: Asked,
): Promise<string> {
  probe.setClock(() => at);
  // Two organizations draw the same ids where their tables keep them apart.
  const stream = `${trace.seed} ${number} ${/^(posts|comments|requests)\./.test(step.what) ? "" : side}`;
  let drawings = 0;
  const draw = (size: number) => drawn(`${stream} ${(drawings += 1)}`, size);
  const answer = await probe.drawing(draw, () => app.ask(target, asking));
  return told(answer);
}

function drawn(of: string, size: number): Buffer {
  const bytes = createHash("sha512").update(of).digest();
  return size <= bytes.length ? bytes.subarray(0, size) : Buffer.concat([bytes, drawn(`${of}+`, size - bytes.length)]);
}

export function describe(step: Step): string {
  const times = step.times > 1 ? ` (${step.times} times)` : "";
  return `${step.side} ${actorOf(step)}: ${step.what} of ${step.whose}${times}`;
}
