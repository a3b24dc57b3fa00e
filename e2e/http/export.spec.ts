// Whoever may no longer export gets no more of the file, though the download has begun.
import { request } from "node:http";
import { paths } from "../../app/paths";
import { unzip } from "../unzip";
import { expect, test } from "./subjects";
import { writePost } from "./suite";
import { enter, type Visitor } from "./visitor";

test.describe.configure({ mode: "default", timeout: 120_000 });

/** Text that does not pack well: the file must be larger than what the way between the two of them holds. */
const noise = () =>
  Array.from({ length: 900 }, () => Math.random().toString(36).slice(2))
    .join(" ")
    .slice(0, 19_000);
const posts = 1_200;

/** Takes the first part of the file, then lets something happen, then takes the rest. */
function download(baseUrl: string, visitor: Visitor, exportId: string, meanwhile: () => Promise<void>) {
  return new Promise<{ whole: boolean; body: Buffer; expected: number }>((resolve, reject) => {
    const sent = request(new URL(paths.downloadExport(exportId), baseUrl), {
      headers: { Cookie: visitor.cookie },
      agent: false,
    });
    sent.once("error", reject);
    sent.once("response", (answer) => {
      const chunks: Buffer[] = [];
      const expected = Number(answer.headers["content-length"]);
      answer.once("data", (first: Buffer) => {
        chunks.push(first);
        answer.pause();
        meanwhile().then(() => {
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.resume();
        }, reject);
      });
      answer.once("close", () => resolve({ whole: answer.complete, body: Buffer.concat(chunks), expected }));
      answer.on("error", () => {});
    });
    sent.end();
  });
}

test("a download breaks off when the permission is taken away, and runs to its end when it is not", async ({
  world,
  operator,
  exported,
}) => {
  const lamps = await operator.makeOrganization("Lamps over HTTP");
  const person = await operator.makePerson("Ann", [lamps, "Admin"]);
  const ann = await enter(world.baseUrl, person, lamps);
  for (let count = 0; count < posts; count += 1) await writePost(ann, { title: `Post ${count}`, body: noise() });
  const { exportId } = await exported(ann);

  const kept = await download(world.baseUrl, ann, exportId, async () => {});
  expect(kept.whole).toBe(true);
  expect(kept.body.length).toBe(kept.expected);
  expect(JSON.parse(unzip(kept.body).get("posts.json") ?? "")).toHaveLength(posts);

  const cut = await download(world.baseUrl, ann, exportId, () => operator.removeMember(lamps, person));
  expect(cut.whole).toBe(false);
  expect(cut.body.length).toBeLessThan(cut.expected);
  expect((await ann.read(paths.downloadExport(exportId))).status, "nor does another begin").not.toBe(200);
});
