// Renders a page whole, into one buffer: no page streams, and a stream costs a third of the throughput.
import { Writable } from "node:stream";
import type { ActionFunctionArgs, AppLoadContext, EntryContext, LoaderFunctionArgs } from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { renderToPipeableStream } from "react-dom/server";
import { NonceContext } from "./components/nonce";
import { ThemeContext } from "./components/theme";
import { themeOf } from "./http/theme";

export const streamTimeout = 5_000;

export default function render(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  context: AppLoadContext,
) {
  const page = (
    <NonceContext.Provider value={context.nonce}>
      <ThemeContext.Provider value={themeOf(request.headers.get("Cookie"))}>
        <RemixServer context={remix} url={request.url} abortDelay={streamTimeout} nonce={context.nonce} />
      </ThemeContext.Provider>
    </NonceContext.Provider>
  );
  return new Promise<Response>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let broken = false;
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
      final(done) {
        clearTimeout(timer);
        headers.set("Content-Type", "text/html; charset=utf-8");
        resolve(new Response(Buffer.concat(chunks), { status: broken ? 500 : status, headers }));
        done();
      },
    });
    const { pipe, abort } = renderToPipeableStream(page, {
      nonce: context.nonce,
      onAllReady: () => void pipe(sink),
      onShellError: reject,
      onError(error) {
        broken = true;
        context.logBug(error);
      },
    });
    const timer = setTimeout(abort, streamTimeout + 1_000);
  });
}

/** A bug, logged once under the request's id; the page shows that id and never the message. */
export function handleError(error: unknown, { request, context }: LoaderFunctionArgs | ActionFunctionArgs) {
  if (!request.signal.aborted) context.logBug(error);
}
