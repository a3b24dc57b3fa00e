// How long an export of n posts takes and what it holds in memory: node --expose-gc scripts/run.mjs scripts/bench/export.ts 1000000
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { writeArchive } from "../../app/models/exports/archive.server";
import { newId, openStore, type OrganizationScope } from "../../db";

const posts = Number(process.argv[2] ?? 100_000);
const text = "What somebody wrote, about as long as posts are. ".repeat(10);

const folder = mkdtempSync(join(tmpdir(), "atrium-bench-"));
const store = openStore(join(folder, "export.db"));
try {
  const scope = store.scope("organization");
  await fill(scope);
  globalThis.gc?.();
  const before = process.memoryUsage();
  let [heap, resident, late] = [0, 0, 0];
  let last = performance.now();
  const watch = setInterval(() => {
    const usage = process.memoryUsage();
    heap = Math.max(heap, usage.heapUsed);
    resident = Math.max(resident, usage.rss);
    late = Math.max(late, performance.now() - last - 20);
    last = performance.now();
  }, 20);
  const began = performance.now();
  const file = join(folder, "export.zip");
  await writeArchive(scope, { file, about: {}, onRows: async () => {}, signal: new AbortController().signal });
  clearInterval(watch);
  const seconds = (performance.now() - began) / 1_000;
  const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MB`;
  console.log(`${posts.toLocaleString("en")} posts in ${seconds.toFixed(1)} s, ${megabytes(statSync(file).size)}.`);
  console.log(
    `Heap ${megabytes(before.heapUsed)} before, ${megabytes(heap)} at most; resident ${megabytes(resident)}.`,
  );
  console.log(`Nobody else waited longer than ${late.toFixed(0)} ms.`);
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}

const postsAtOnce = 5_000;

async function fill(scope: OrganizationScope): Promise<void> {
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
