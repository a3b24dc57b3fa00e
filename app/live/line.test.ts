import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { holdLine, type LineOptions } from "./line";

/** What a browser's EventSource is to the page, with the server's part played by the test. */
class Stream extends EventTarget {
  closed = false;
  close() {
    this.closed = true;
  }
  say(event: string, data: object = {}) {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(options: Partial<LineOptions> = {}) {
  const told: string[] = [];
  const streams: Stream[] = [];
  const page = { visible: true };
  const line = holdLine({
    isVisible: () => page.visible,
    openStream() {
      const stream = new Stream();
      streams.push(stream);
      return stream as unknown as EventSource;
    },
    reread: async () => void told.push("reads anew"),
    heardOf: ({ id }) => told.push(`hears of ${id}`),
    confirmed: (change, pages) => told.push(`${change} is on ${pages}`),
    ended: async () => void told.push("ended"),
    show: (state) => told.push(state),
    ...options,
  });
  const open = () => streams.filter(({ closed }) => !closed);
  const last = () => {
    const stream = streams.at(-1);
    if (!stream) throw new Error("No stream was opened");
    return stream;
  };
  const show = async (visible: boolean) => {
    page.visible = visible;
    line.look();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { line, told, streams, open, last, show };
}

test("a visible page holds one stream, and hears what is said on it", async () => {
  const { line, told, open, last } = setUp();
  line.look();
  line.look();
  expect(open()).toHaveLength(1);
  last().say("ready");
  last().say("change", { id: "one", about: ["membership"] });
  last().say("confirmed", { change: "two", pages: 3 });
  expect(told).toEqual(["live", "hears of one", "two is on 3"]);
  line.close();
  expect(open()).toHaveLength(0);
});

test("a hidden page holds none; shown again it reads itself anew, then listens", async () => {
  const { line, told, streams, open, show } = setUp();
  line.look();
  await show(false);
  expect(open()).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(streams).toHaveLength(1);
  expect(told).toEqual([]);
  await show(true);
  expect(told).toEqual(["reads anew"]);
  expect(open()).toHaveLength(1);
  line.close();
});

test("a short break is nobody's concern; a long one is said, and made up for when it is over", async () => {
  const { line, told, streams, last } = setUp();
  line.look();
  last().say("ready");
  last().dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(1_500);
  expect(streams).toHaveLength(2);
  last().say("ready");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toEqual(["live", "live", "reads anew"]);

  told.length = 0;
  last().dispatchEvent(new Event("error"));
  while (!told.includes("down")) {
    await vi.advanceTimersByTimeAsync(1_000);
    last().dispatchEvent(new Event("error"));
  }
  last().say("ready");
  expect(told).toEqual(["down", "live", "reads anew"]);
  line.close();
});

test("while the line is down the page reads itself anew on a slow timer, and when somebody comes back", async () => {
  const { line, told, streams } = setUp({ openStream: undefined });
  line.look();
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual(["down"]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual(["down", "reads anew"]);
  line.wake();
  expect(told).toEqual(["down", "reads anew", "reads anew"]);
  expect(streams).toEqual([]);
  line.close();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(told).toHaveLength(3);
});

test("with a line, coming back to the window reads nothing", () => {
  const { line, told, last } = setUp();
  line.look();
  last().say("ready");
  line.wake();
  expect(told).toEqual(["live"]);
  line.close();
});

test.each(["removed", "signed-out", "switched", "deleted", "suspended"])(
  "ended as %s, the page that leaves is left alone",
  async (why) => {
    const { line, told, streams, open, last } = setUp({
      async ended() {
        told.push("ended");
        line.close();
      },
    });
    line.look();
    last().say("ready");
    last().say("end", { why });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(told).toEqual(["live", "ended"]);
    expect(open()).toHaveLength(0);
    expect(streams).toHaveLength(1);
  },
);

test("ended though the page can still be read, it comes back more and more seldom", async () => {
  const { line, streams, last } = setUp();
  line.look();
  for (let ends = 0; ends < 20; ends += 1) {
    last().say("end", { why: "removed" });
    await vi.advanceTimersByTimeAsync(40_000);
  }
  expect(streams).toHaveLength(21);
  const before = streams.length;
  last().say("end", { why: "removed" });
  await vi.advanceTimersByTimeAsync(15_000);
  expect(streams).toHaveLength(before);
  line.close();
});

test("a server that stops is looked for again, without a word to the reader", async () => {
  const { line, told, streams, last } = setUp();
  line.look();
  last().say("ready");
  last().say("end", { why: "stopping" });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(streams).toHaveLength(2);
  last().say("ready");
  expect(told).toEqual(["live", "live", "reads anew"]);
  line.close();
});

test("one page too many does not push the others out again and again", async () => {
  const { line, told, streams, last } = setUp();
  line.look();
  last().say("end", { why: "too-many" });
  await vi.advanceTimersByTimeAsync(50_000);
  expect(streams).toHaveLength(1);
  expect(told.filter((word) => word !== "reads anew")).toEqual(["down"]);
  line.close();
});
