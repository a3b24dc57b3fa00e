// A page's stream of events, read as a browser reads it (the event stream format of the HTML standard).
import { request, type IncomingMessage } from "node:http";
import { paths } from "../../app/paths";
import type { Visitor } from "./visitor";

export interface Heard {
  event: string;
  data: Record<string, unknown>;
}

export type Listener = Awaited<ReturnType<typeof listen>>;

interface Listening {
  /** The organization of the page that listens; by default the session's. */
  page?: string;
  tab?: string;
  accept?: string;
}

/** @returns what was answered, and what is heard from then on; `close` is the page being closed. */
export async function listen(baseUrl: string, visitor: Visitor, { page, tab = "one", accept }: Listening = {}) {
  const { port, host } = new URL(baseUrl);
  const query = new URLSearchParams({ page: page ?? visitor.organization?.id ?? "", tab });
  const headers = {
    Host: host,
    Accept: accept ?? "text/event-stream",
    ...(visitor.cookie && { Cookie: visitor.cookie }),
  };
  const heard: Heard[] = [];
  let waiting: (() => void)[] = [];
  const state = { ended: false };
  let text = "";
  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };

  const sent = request({ host: "127.0.0.1", port, path: `${paths.events}?${query}`, headers, agent: false });
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    sent.once("response", resolve).once("error", reject).end(),
  );
  const over = () => {
    state.ended = true;
    wake();
  };
  answer.setEncoding("utf8").on("end", over).on("error", over).on("close", over);
  answer.on("data", (chunk: string) => {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    heard.push(...blocks.flatMap(read));
    wake();
  });

  /** Waits for what fits, from the first that nobody has waited for yet. Undefined: the stream has ended without it. */
  let from = 0;
  async function next(fits: (one: Heard) => boolean): Promise<Heard | undefined> {
    for (;;) {
      const index = heard.findIndex((one, at) => at >= from && fits(one));
      if (index >= 0) {
        from = index + 1;
        return heard[index];
      }
      if (state.ended) return undefined;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    heard,
    next: (event: string, data: Record<string, unknown> = {}) =>
      next((one) => one.event === event && Object.entries(data).every(([name, value]) => one.data[name] === value)),
    /** A change about this. */
    change: (about: string) =>
      next(({ event, data }) => event === "change" && Array.isArray(data.about) && data.about.includes(about)),
    /** Everything that was heard, once the stream has ended. */
    async end(): Promise<Heard[]> {
      while (!state.ended) await new Promise<void>((resolve) => waiting.push(resolve));
      return heard;
    },
    close: () => void sent.destroy(),
  };
}

function read(block: string): Heard[] {
  const fields = new Map(
    block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  const event = fields.get("event");
  return event ? [{ event, data: JSON.parse(fields.get("data") ?? "{}") }] : [];
}
