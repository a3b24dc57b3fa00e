// Lets through only methods and addresses that Remix can read, and tells Remix the configured host whatever the request says.
import type { RequestHandler } from "express";
import { refuse } from "./refuse.server";
import { badRequest, unsupportedMethod } from "./sentences";

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

export function readableRequestLine({ appOrigin }: { appOrigin: string }): RequestHandler {
  const { host } = new URL(appOrigin);
  return (request, response, next) => {
    if (!methods.has(request.method)) return refuse(request, response, unsupportedMethod());
    if (!isPlainTarget(request.originalUrl)) {
      return refuse(
        request,
        response,
        badRequest("The address of this page is not written in a way that can be read."),
      );
    }
    // Remix builds its URL from these two and throws on an odd one; it believes X-Forwarded-Host from anybody.
    request.headers.host = host;
    delete request.headers["x-forwarded-host"];
    next();
  };
}

function isPlainTarget(target: string): boolean {
  if (!/^\/(?![/\\])[^#?\\]*(\?[^#]*)?$/.test(target)) return false;
  const [path = ""] = target.split("?", 1);
  if (!path.includes("%")) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
