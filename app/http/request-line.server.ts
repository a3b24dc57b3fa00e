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

/** Remix takes the path apart decoded: it reads a backslash as a slash there, and finds no route at all, not even `$`, past a line break. */
function isPlainTarget(target: string): boolean {
  if (!/^\/(?![/\\])[^#?\\]*(\?[^#]*)?$/.test(target)) return false;
  const [path = ""] = target.split("?", 1);
  if (!path.includes("%")) return true;
  try {
    return !/[\\\n\r\u2028\u2029]/.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}
