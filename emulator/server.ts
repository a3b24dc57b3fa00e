// Everything behind the port, in order: host, OIDC, Experience API, Management API, the emulator's own pages.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import type { CryptoKey, JWK } from "jose";
import type { Store } from "./database/store";
import { LogtoError } from "./errors";
import { experienceApi } from "./experience/api";
import { openExperience } from "./experience/experience";
import { openInteractions } from "./experience/state";
import type { Baseline } from "./faults/baseline";
import { controlApi } from "./faults/control";
import type { Faults } from "./faults/faults";
import { again, readAhead } from "./faults/requests";
import { isLoopback } from "./loopback";
import { openMailer } from "./mail/mailer";
import { managementAuthorization } from "./management/authorization";
import { managementRoutes } from "./management/routes";
import { managementApi, refuse } from "./management/server";
import { createProvider } from "./oidc/provider";
import { tokensOf } from "./oidc/tokens";
import { consentPages } from "./pages/consent";
import { consolePages } from "./pages/console";
import { formBody, sameOrigin, show } from "./pages/forms";
import { html } from "./pages/html";
import { outboxPages } from "./pages/outbox";
import { registerPages } from "./pages/register";
import { signInPages } from "./pages/sign-in";
import { icon, stylesheet } from "./pages/stylesheet";
import { openWebhooks } from "./webhooks/webhooks";

interface Parts {
  store: Store;
  endpoint: string;
  appUrl: string | undefined;
  signingKey: JWK;
  publicKey: CryptoKey;
  cookieKey: string;
  faults: Faults;
  baseline: Baseline;
  outboxEndpoint: string;
}

export function application(parts: Parts): { serve: RequestListener; settled: () => Promise<void> } {
  const { store, endpoint, appUrl, faults, baseline } = parts;
  const issuer = `${endpoint}/oidc`;
  const provider = createProvider({ store, issuer, signingKey: parts.signingKey, cookieKey: parts.cookieKey });
  const webhooks = openWebhooks(store, faults);
  const mailer = openMailer(store, faults, parts.outboxEndpoint);
  const interactions = openInteractions(store, provider);
  const experience = openExperience(store, mailer, webhooks);
  const pageParts = { store, interactions, experience };

  const app = express().disable("x-powered-by").disable("etag");
  app.use(loopbackHost);
  app.use("/oidc", oidc(provider.callback()));
  app.use("/api/experience", experienceApi(interactions, experience), refuse);
  const authorize = managementAuthorization({ issuer, key: parts.publicKey });
  const routes = managementRoutes({ store, mailer, webhooks, faults, tokens: tokensOf(store) });
  app.use("/api", managementApi({ endpoint, routes, authorize, webhooks }));

  app.get("/emulator/style.css", (_request, response) => void response.type("css").send(stylesheet));
  app.get(["/emulator/icon.svg", "/favicon.ico"], (_request, response) => void response.type("svg").send(icon));
  app.use("/", sameOrigin);
  app.use("/emulator", outboxPages(store), controlApi(store, faults, baseline), formBody, consolePages(store));
  app.use("/", formBody, signInPages(pageParts), registerPages(pageParts), consentPages(provider, pageParts));
  app.get("/", (_request, response) => response.redirect(302, "/emulator"));
  app.use((_request, response) => {
    const body = html`<h1>Nothing is here</h1>
      <p>Go to the <a href="/emulator">console</a>.</p>`;
    show(response, { title: "Not found", body, status: 404 });
  });
  app.use(pageError(appUrl));
  return { serve: app, settled: webhooks.settled };
}

/** A name that only resolves to loopback is not loopback: a page of another site could read the answers. */
const loopbackHost: RequestHandler = (request, response, next) => {
  if (isLoopback(request.hostname.replace(/^::1$/, "[::1]"))) return next();
  response.status(421).type("text").send("The emulator answers on loopback only.");
};

/** Logto's OIDC endpoints take JSON as well as forms; oidc-provider takes forms. */
function oidc(callback: (request: IncomingMessage, response: ServerResponse) => Promise<void>): RequestHandler {
  return (request, response, next) => {
    if (request.method !== "POST" || !request.is("application/json"))
      return void callback(request, response).catch(next);
    asForm(request)
      .then((form) => callback(form, response))
      .catch(next);
  };
}

async function asForm(request: IncomingMessage & { originalUrl?: string }): Promise<IncomingMessage> {
  const { body } = await readAhead(request);
  const form = new URLSearchParams();
  try {
    const values = JSON.parse(body.toString()) as Record<string, unknown>;
    for (const [name, value] of Object.entries(values)) {
      for (const item of [value].flat()) if (item !== null) form.append(name, String(item));
    }
  } catch {
    // What is no JSON has no parameters: the endpoint says which one is missing.
  }
  const headers = { ...request.headers, "content-type": "application/x-www-form-urlencoded" };
  return Object.assign(again(request, Buffer.from(form.toString()), headers), { originalUrl: request.originalUrl });
}

/** A page for people whose sign-in is over, or that broke. */
const pageError =
  (appUrl: string | undefined): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const back = appUrl
      ? html` <a href="${appUrl}">Go to the application</a> and start again.`
      : html` Go to your application and start again.`;
    if (error instanceof LogtoError && error.code === "session.not_found") {
      const body = html`<h1>No sign-in is under way</h1>
        <p>It took too long, or it was finished already.${back}</p>`;
      return show(response, { title: "No sign-in is under way", body, status: 400 });
    }
    const status =
      error instanceof LogtoError
        ? error.status
        : error instanceof Error && "status" in error && typeof error.status === "number"
          ? error.status
          : 500;
    if (status >= 500) console.error(error);
    const body = html`<h1>This did not work</h1>
      <p>${error instanceof LogtoError ? error.message : "The emulator could not answer."}${back}</p>`;
    show(response, { title: "This did not work", body, status });
  };
