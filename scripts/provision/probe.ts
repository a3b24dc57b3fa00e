// Tries a Logto from outside, as a browser would: is it there, and does it let people in to this application?
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Manifest } from "./manifest";

const Discovery = z.object({ issuer: z.string() });

/** Waits until Logto answers. @returns a sentence when it does not, or when it calls itself something else. */
export async function waitForLogto(endpoint: string, seconds: number): Promise<string | undefined> {
  const deadline = Date.now() + seconds * 1_000;
  while (!(await isUp(endpoint))) {
    if (Date.now() > deadline) return `${endpoint} does not answer as a Logto does (${endpoint}/api/status).`;
    await pause(200);
  }
  const response = await fetch(`${endpoint}/oidc/.well-known/openid-configuration`, within(10)).catch(() => undefined);
  const { data } = Discovery.safeParse(await response?.json().catch(() => undefined));
  if (data?.issuer === `${endpoint}/oidc`) return undefined;
  return `The issuer at ${endpoint} is ${data?.issuer ?? "missing"} instead of ${endpoint}/oidc: use Logto's own ENDPOINT.`;
}

async function isUp(endpoint: string): Promise<boolean> {
  const response = await fetch(`${endpoint}/api/status`, within(5)).catch(() => undefined);
  return response?.status === 204;
}

/** Asks for a sign-in as the app would. @returns a sentence when Logto does not lead to its sign-in page. */
export async function authorizationProbe(
  endpoint: string,
  appId: string,
  { redirectUri, scopes }: Manifest,
): Promise<string | undefined> {
  const query = new URLSearchParams({
    client_id: appId,
    redirect_uri: redirectUri,
    response_type: "code",
    prompt: "consent",
    scope: ["openid", "offline_access", "urn:logto:scope:organizations", ...scopes.map(({ name }) => name)].join(" "),
    resource: "urn:logto:resource:organizations",
    state: "provision-logto",
  });
  const asked = fetch(`${endpoint}/oidc/auth?${query}`, { ...within(10), redirect: "manual" });
  const response = await asked.catch(() => undefined);
  if (!response) return "Logto did not answer when it was asked for a sign-in";
  const location = response.headers.get("location");
  const page = location === null ? undefined : new URL(location, endpoint).pathname;
  if (page?.startsWith("/sign-in")) return undefined;
  return `Logto answers a sign-in for ${redirectUri} with ${response.status}${page ? ` to ${page}` : ""}, not with its sign-in page`;
}

const within = (seconds: number) => ({ signal: AbortSignal.timeout(seconds * 1_000) });
