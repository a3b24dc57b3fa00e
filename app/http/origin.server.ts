// Refuses changes that do not come from our own pages, for every URL, before anything looks at the request's body.
import type { RequestHandler } from "express";
import { refuse } from "./refuse.server";
import { foreignOrigin } from "./sentences";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Compares with the configured origin and with nothing that the request says of its host.
 * `exemptPaths` are compared letter by letter, and exempt for POST alone; what stands there proves itself in another way (a signature).
 */
export function sameOriginOnly(rule: { appOrigin: string; exemptPaths: readonly string[] }): RequestHandler {
  const exempt = new Set(rule.exemptPaths);
  return (request, response, next) => {
    const { origin, "sec-fetch-site": site } = request.headers;
    const ours = origin === undefined ? site === "same-origin" : origin === rule.appOrigin;
    const provesItself = request.method === "POST" && exempt.has(request.path);
    if (!safeMethods.has(request.method) && !provesItself && !ours) {
      return refuse(request, response, foreignOrigin(rule.appOrigin));
    }
    delete request.headers.origin; // Remix looks at it again, even when HEAD asks for data, and answers an odd one with 500
    next();
  };
}
