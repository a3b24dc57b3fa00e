// What an export costs: n posts and ten times as many are each exported by a process of its own. Memory has to stay as it is: npm run bench:export [n]
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { writeArchive } from "../../app/models/exports/archive.server";
import { newId, openStore, type OrganizationScope } from "../../db";

interface Cost {
  seconds: number;
  megabytes: number;
  /** Megabytes at most. */
  heap: number;
  resident: number;
  /** Milliseconds for which nobody else was served. */
  late: number;
}

/** As much more as ten times the posts may take. */
const mostGrowth = 1.5;
const text = "What somebody wrote, about as long as posts are. ".repeat(10);
const inMegabytes = (bytes: number) => bytes / 1024 / 1024;

async function main(first: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "atrium-bench-"));
  try {
    const costs: Cost[] = [];
    for (const posts of [first, 10 * first]) {
      const file = join(folder, `${posts}.db`);
      const store = openStore(file);
      await fill(store.scope("organization"), posts);
      await store.close();
      const program = [resolve("scripts/run.mjs"), import.meta.filename, "--measure", file];
      const cost: Cost = JSON.parse(execFileSync(process.execPath, program, { encoding: "utf8" }));
      rmSync(file);
      costs.push(cost);
      console.log(`${posts.toLocaleString("en")} posts`);
      console.log(
        `  ${cost.seconds.toFixed(1)} s, ${cost.megabytes.toFixed(0)} MB of ZIP; nobody else waited longer than ${cost.late.toFixed(0)} ms`,
      );
      console.log(`  heap ${cost.heap.toFixed(0)} MB at most, resident ${cost.resident.toFixed(0)} MB at most`);
    }
    const [few, many] = costs;
    for (const of of ["heap", "resident"] as const) {
      const growth = (many?.[of] ?? NaN) / (few?.[of] ?? NaN);
      const holds = growth <= mostGrowth;
      console.log(
        `${of}, ten times the posts: ${growth.toFixed(2)} times  ${holds ? "holds" : "MISSED"} (${mostGrowth} or less)`,
      );
      if (!holds) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In a process that has done nothing else. */
async function measure(database: string): Promise<Cost> {
  const store = openStore(database);
  const file = `${database}.zip`;
  let [heap, late] = [0, 0];
  let last = performance.now();
  const watch = setInterval(() => {
    heap = Math.max(heap, process.memoryUsage().heapUsed);
    late = Math.max(late, performance.now() - last - 20);
    last = performance.now();
  }, 20);
  const began = performance.now();
  const scope = store.scope("organization");
  await writeArchive(scope, { file, about: {}, onRows: async () => {}, signal: new AbortController().signal });
  clearInterval(watch);
  const seconds = (performance.now() - began) / 1_000;
  const megabytes = inMegabytes(statSync(file).size);
  await store.close();
  rmSync(file);
  return { seconds, megabytes, heap: inMegabytes(heap), resident: process.resourceUsage().maxRSS / 1024, late };
}

const postsAtOnce = 5_000;

async function fill(scope: OrganizationScope, posts: number): Promise<void> {
  for (let first = 0; first < posts; first += postsAtOnce) {
    await scope.write(async (tx, tables) => {
      const seen = { lastActiveAt: tx.at, joinedAt: tx.at, updatedAt: tx.at };
      const ada = { userId: "ada", logtoId: "ada", name: "Ada", email: "ada@example.com", ...seen };
      await tx.upsert(tables.members, ada, { name: "Ada" });
      for (let post = first; post < Math.min(first + postsAtOnce, posts); post += 1)
        await tx.insert(tables.posts, {
          ...{ id: newId(), authorId: "ada", title: `Post ${post}`, body: text, status: "published" as const },
          ...{ createdAt: tx.at, updatedAt: tx.at },
        });
    });
  }
}

const [first = "100000", database] = process.argv.slice(2);
if (first === "--measure") process.stdout.write(JSON.stringify(await measure(database ?? "")));
else await main(Number(first));
