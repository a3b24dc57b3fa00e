// The command `npm run bench`: what session, guard and wall cost, as ratios within one run, and what the budgets say.
import { performance } from "node:perf_hooks";
import { gzipSync } from "node:zlib";
import autocannon from "autocannon";
import { Walker } from "../../e2e/walker";
import { startWorld } from "../world";
import { checkCost } from "./check-cost";
import { emulatorSpeed } from "./emulator-speed";
import { quantile, verdict } from "./figures";
import { startTime } from "./start-time";

const rounds = 50;
const seconds = 0.5;
const warmingUp = 3;

interface Figure {
  requests: number;
  took: number;
  p50: number;
  p99: number;
}

interface Load {
  url: string;
  connections: number;
  headers?: Record<string, string>;
}

async function put({ url, ...options }: Load, duration = seconds): Promise<Figure> {
  const result = await autocannon({ url, ...options, duration, sampleInt: 50 }); // it ends with a sample
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 200, ${result.errors} failed`);
  const took = (result.finish.getTime() - result.start.getTime()) / 1_000;
  return { requests: result.requests.total, took, p50: result.latency.p50, p99: result.latency.p99 };
}

const total = (numbers: number[]) => numbers.reduce((one, other) => one + other, 0);
const median = (numbers: number[]) => quantile(numbers, 0.5);
const rate = (figures: Figure[]) =>
  total(figures.map(({ requests }) => requests)) / total(figures.map(({ took }) => took));

/** The two in turn, in many short rounds that each begin with the other one: a machine that grows slower does so for both. */
async function compare(
  name: string,
  plain: string,
  real: string,
  connections: number,
  headers: Record<string, string>,
) {
  const loads = { plain: { url: plain, connections }, real: { url: real, connections, headers } };
  const figures: { plain: Figure[]; real: Figure[] } = { plain: [], real: [] };
  for (const each of Object.values(loads)) await put(each, warmingUp);
  for (let round = 0; round < rounds; round += 1)
    for (const which of round % 2 ? (["real", "plain"] as const) : (["plain", "real"] as const))
      figures[which].push(await put(loads[which]));
  const ratios = figures.real.map((figure, round) => rate([figure]) / rate(figures.plain.slice(round, round + 1)));
  const cells = (of: Figure[]) => {
    const [p50, p99] = [median(of.map((each) => each.p50)), median(of.map((each) => each.p99))];
    return `${rate(of).toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`;
  };
  console.log(`${name}, ${connections} connection${connections > 1 ? "s" : ""}`);
  console.log(`  (a) no session, guard, wall  ${cells(figures.plain)}`);
  console.log(`  (b) as people get it         ${cells(figures.real)}`);
  console.log(`  half of the rounds from ${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)}`);
  const ratio = rate(figures.real) / rate(figures.plain);
  verdict("(b)/(a)", ratio, ratio >= 0.85, "0.85 or more");
}

/** Everything that the page makes the browser fetch before it is alive, compressed one by one. */
async function scriptBytes(origin: string, page: string): Promise<number> {
  const names = new Set([...page.matchAll(/\/assets\/[\w.-]+\.js/g)].map(([name]) => name));
  const sizes = await Promise.all(
    [...names].map(async (name) => gzipSync(await (await fetch(origin + name)).text()).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const world = await startWorld({ bench: true });
try {
  const { baseUrl, users } = world.description;
  const ada = users.find(({ key }) => key === "ada");
  if (!ada) throw new Error("Ada is not there");
  const walker = new Walker(baseUrl);
  await walker.signIn(ada);
  const headers = { cookie: walker.cookies(baseUrl) ?? "" };
  for (const connections of [1, 10]) {
    await compare("/posts", `${baseUrl}/plain-posts`, `${baseUrl}/posts`, connections, headers);
    await compare("/posts.data", `${baseUrl}/plain-posts.data`, `${baseUrl}/posts.data`, connections, headers);
  }
  const page = await (await walker.get("/posts")).text();
  const bytes = await scriptBytes(baseUrl, page);
  console.log("JavaScript of the list page");
  verdict("gzip", bytes / 1000, bytes <= 120_000, "120 kB or less", " kB");

  console.log("The emulator, one request after the other");
  const { token, read } = await emulatorSpeed(world.description, walker);
  verdict("organization token, median", token, token <= 5, "5 ms or less", " ms");
  verdict("Management API read, median", read, read <= 2, "2 ms or less", " ms");
} finally {
  await world.stop();
}

console.log("Membership check while the answer is fresh, from cookie to permissions");
const cost = await checkCost();
verdict("median", cost, cost <= 50, "50 µs or less", " µs");

console.log("Start with a built tree, until /readyz answers");
const ready = await startTime();
verdict("median", ready, ready <= 1000, "1,000 ms or less", " ms");
console.log(`(${Math.round(performance.now() / 1000)} s)`);
process.exit();
