// Lets an operation happen and keeps its answer back.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

interface CarriedOut {
  body: Buffer;
  /** Sends an answer with the status and the headers of the real one. */
  send(body: Buffer): void;
}

export function carriedOut(
  serve: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<CarriedOut> {
  return new Promise((resolve) => {
    const { write, end } = response;
    const chunks: Buffer[] = [];
    const keep = (chunk: unknown) => {
      if (typeof chunk === "string" || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string));
    };
    response.write = (chunk: unknown) => {
      keep(chunk);
      return true;
    };
    response.end = (chunk?: unknown) => {
      keep(chunk);
      Object.assign(response, { write, end });
      const send = (body: Buffer) => {
        if (response.hasHeader("content-length")) response.setHeader("content-length", body.length);
        response.removeHeader("etag");
        response.end(body);
      };
      resolve({ body: Buffer.concat(chunks), send });
      return response;
    };
    serve(request, response);
  });
}
