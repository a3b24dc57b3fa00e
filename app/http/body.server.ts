// Reads the whole body of a request that changes something, up to a limit, into `request.body`: a Buffer, or nothing.
import express, { type RequestHandler } from "express";

/** What cannot be read goes to answerErrors: 413 too large, 415 compressed, 400 cut short. Nothing is unpacked: no bombs. */
export function readBody({ limit }: { limit: number }): RequestHandler {
  const read = express.raw({ type: () => true, limit, inflate: false });
  return (request, response, next) => {
    request.body = undefined;
    if (request.method === "GET" || request.method === "HEAD") return next();
    read(request, response, (error: unknown) => {
      if (!Buffer.isBuffer(request.body) || !request.body.length) request.body = undefined; // express.raw leaves {} for none
      next(error);
    });
  };
}
