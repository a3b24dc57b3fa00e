// Files that are made while they are sent. No more of one is in memory than its reader has not taken yet.
import type { Response as Sent } from "express";

export interface Download {
  /** May hold any characters; what a file system does not take is left out. */
  name: string;
  type: string;
  pieces: AsyncIterator<string>;
  /** Whether the reader has taken what was sent, and is still there. */
  drained: () => Promise<boolean>;
}

export function download({ name, type, pieces, drained }: Download): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = (await drained()) ? await pieces.next() : undefined;
        if (piece && !piece.done) controller.enqueue(encoder.encode(piece.value));
        else controller.close();
      },
      cancel: async () => void (await pieces.return?.()),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: { "Content-Type": type, "Content-Disposition": `attachment; filename="${fileName(name)}"` },
  });
}

/** Remix's adapter writes without waiting, so whoever makes the pieces waits here. */
export function drainedOf(response: Sent): () => Promise<boolean> {
  return async () => {
    if (response.writableNeedDrain && !response.destroyed)
      await new Promise<void>((resolve) => {
        const done = () => {
          response.off("drain", done).off("close", done);
          resolve();
        };
        response.on("drain", done).on("close", done);
      });
    return !response.destroyed;
  };
}

function fileName(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[-.]+|[-.]+(?=-?\.\w+$)/g, "")
    .slice(-120);
}
