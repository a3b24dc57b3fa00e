import { expect, test } from "vitest";
import { askFor, meaningOf } from "./answers";

test.each([
  [200, "show", "show"],
  [202, "elsewhere", "elsewhere"],
  [401, "signed-out", "signed-out"],
  [403, "show", "stranded"],
  [404, "show", "stranded"],
  [409, "switched", "switched"],
  [429, "wait", "wait"],
  [503, "wait", "wait"],
])("%d means %s to a page that is read, and %s to one in which something is being typed", (status, read, typed) => {
  expect(meaningOf({ status }, false)).toBe(read);
  expect(meaningOf({ status }, true)).toBe(typed);
});

/** Answers the frame with 200, and the whole page with what is given. */
function answering(whole: number) {
  const asked: string[] = [];
  const ask = async ({ search }: URL) => {
    asked.push(search);
    return new Response(null, { status: search.includes("_routes") ? 200 : whole });
  };
  return { asked, ask };
}
const statuses = (answers: Response[]) => answers.map(({ status }) => status);

test("a page is asked for once, and judged by its answer", async () => {
  const { asked, ask } = answering(404);
  const { answer, judgedBy } = await askFor("http://localhost/posts/1.data?a=b", ask);
  expect([asked, answer.status, statuses(judgedBy)]).toEqual([["?a=b"], 404, [404]]);
});

test("where the frame alone is asked for, the page inside it is asked for too, and judged with it", async () => {
  const { asked, ask } = answering(404);
  const { answer, judgedBy } = await askFor("http://localhost/posts/1.data?_routes=root", ask);
  expect([asked, answer.status, statuses(judgedBy)]).toEqual([["?_routes=root", ""], 200, [200, 404]]);
  const forbidden = await askFor("http://localhost/posts/1.data?_routes=root", answering(403).ask);
  expect(statuses(forbidden.judgedBy), "what may not be sent any more says so itself").toEqual([200]);
});
