// Security headers, worked out once at start; only the nonce differs from one answer to the next.
import { randomBytes } from "node:crypto";
import type { RequestHandler, Response } from "express";
import { localsOf } from "./log.server";

type Origins = { appOrigin: string; logtoOrigin: string; development?: boolean };

export function securityHeaders({ appOrigin, logtoOrigin, development = false }: Origins): RequestHandler {
  const fixed = Object.entries({
    "Referrer-Policy": "same-origin", // "no-referrer" would make browsers send `Origin: null` with every form
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy":
      "browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ...(appOrigin.startsWith("https:") && { "Strict-Transport-Security": "max-age=31536000" }),
  });
  const [beforeNonce, afterNonce] = contentSecurityPolicy({ logtoOrigin, development });
  return (_request, response, next) => {
    const nonce = randomBytes(16).toString("base64url");
    localsOf(response).nonce = nonce;
    response.setHeader("Content-Security-Policy", beforeNonce + nonce + afterNonce);
    for (const [name, value] of fixed) response.setHeader(name, value);
    next();
  };
}

/** Nothing after this is stored by anybody unless its handler names another Cache-Control, which then stands alone. */
export function privateByDefault(): RequestHandler {
  return (_request, response, next) => {
    beforeHeaders(response, () => {
      if (!response.hasHeader("Cache-Control")) response.setHeader("Cache-Control", "private, no-store");
      response.vary("Cookie");
    });
    next();
  };
}

function contentSecurityPolicy({ logtoOrigin, development }: Omit<Origins, "appOrigin">): [string, string] {
  const before = ["default-src 'self'", "script-src 'strict-dynamic' 'nonce-"].join("; ");
  const after = [
    "'",
    `style-src 'self'${development ? " 'unsafe-inline'" : ""}`, // Vite puts styles into the page while developing
    "img-src 'self' data: https:", // posts may show pictures from elsewhere
    "connect-src 'self'",
    `form-action 'self' ${logtoOrigin}`, // browsers check redirects after a form against it: signing out ends at Logto
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join("; ");
  return [before, after];
}

// Remix appends its headers to those already set, so a default that is set early would be sent beside the page's own.
function beforeHeaders(response: Response, run: () => void): void {
  const writeHead = response.writeHead;
  response.writeHead = function (this: Response, ...given: Parameters<typeof writeHead>) {
    response.writeHead = writeHead;
    run();
    return writeHead.apply(this, given);
  } as typeof writeHead; // the overloads of writeHead cannot be written as one function
}
