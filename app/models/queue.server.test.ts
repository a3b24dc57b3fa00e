import { expect, test } from "vitest";
import { atMost, createQueues } from "./queue.server";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("five at a time, answers in the order of the list", async () => {
  let inside = 0;
  let most = 0;
  const answers = await atMost(
    5,
    Array.from({ length: 23 }, (_, index) => index),
    async (each) => {
      inside += 1;
      most = Math.max(most, inside);
      for (let pauses = (each * 7) % 5; pauses >= 0; pauses -= 1) await turn();
      inside -= 1;
      return each * 2;
    },
  );
  expect(answers).toEqual(Array.from({ length: 23 }, (_, index) => index * 2));
  expect(most).toBe(5);
  expect(await atMost(5, [], async () => 1)).toEqual([]);
});

test("a throw is thrown when nothing is under way any more", async () => {
  const ended: number[] = [];
  const run = atMost(2, [1, 2, 3, 4], async (each) => {
    if (each === 1) throw new Error("the first");
    await turn();
    ended.push(each);
  });
  await expect(run).rejects.toThrow("the first");
  expect(ended).toEqual([2, 3, 4]);
});

test("the same key goes in turn, even after a throw; another key does not wait", async () => {
  const queues = createQueues();
  const lines: string[] = [];
  const write = (line: string) => async () => {
    await turn();
    lines.push(line);
  };
  const failing = queues.inTurn("a", () => Promise.reject(new Error("no")));
  const all = [queues.inTurn("a", write("a1")), queues.inTurn("a", write("a2")), queues.inTurn("b", write("b"))];
  await expect(failing).rejects.toThrow("no");
  await Promise.all(all);
  expect(lines.indexOf("a1")).toBeLessThan(lines.indexOf("a2"));
  expect(lines).toHaveLength(3);
});
