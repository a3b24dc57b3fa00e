// How fast the emulator answers what the app asks of Logto most: an organization token, and reads of the Management API.
import { performance } from "node:perf_hooks";
import { allPermissions } from "../../app/permissions";
import type { Walker } from "../../e2e/walker";
import type { World } from "../world";

const times = 300;

type Description = World["description"];

/** @returns medians in milliseconds. `walker` is somebody of Acme who is signed in at Logto. */
export async function emulatorSpeed(world: Description, walker: Walker): Promise<{ token: number; read: number }> {
  const acme = world.organizations.find(({ key }) => key === "acme")?.id ?? "";
  const refreshToken = await refreshTokenOf(world, walker);
  const body = { grant_type: "refresh_token", refresh_token: refreshToken, organization_id: acme };
  const token = await median(() => tokenRequest(world, world.application, body));

  const { resource } = world.management;
  const machine = await tokenRequest(world, world.management, {
    grant_type: "client_credentials",
    resource,
    scope: "all",
  });
  const headers = { Authorization: `Bearer ${machine.access_token}` };
  const read = await median(() =>
    answered(fetch(`${world.logtoEndpoint}/api/organizations/${acme}/users`, { headers })),
  );
  return { token, read };
}

/** A sign-in without a page, since the session at Logto lives. */
async function refreshTokenOf(world: Description, walker: Walker): Promise<string> {
  const { appId, redirectUri } = world.application;
  const scope = `openid offline_access urn:logto:scope:organizations ${allPermissions.join(" ")}`;
  const request = {
    client_id: appId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope,
    state: "speed",
    prompt: "consent",
  };
  const address = `${world.logtoEndpoint}/oidc/auth?${new URLSearchParams({ ...request, resource: "urn:logto:resource:organizations" })}`;
  const { url } = await walker.follow(await walker.send(address), address, ({ href }) => href.startsWith(redirectUri));
  const code = new URL(url).searchParams.get("code") ?? "";
  const body = { grant_type: "authorization_code", code, redirect_uri: redirectUri };
  return String((await tokenRequest(world, world.application, body)).refresh_token);
}

function tokenRequest(world: Description, client: { appId: string; appSecret: string }, body: Record<string, string>) {
  const Authorization = `Basic ${Buffer.from(`${client.appId}:${client.appSecret}`).toString("base64")}`;
  const init = { method: "POST", headers: { Authorization }, body: new URLSearchParams(body) };
  return answered(fetch(`${world.logtoEndpoint}/oidc/token`, init));
}

async function answered(sent: Promise<Response>): Promise<Record<string, unknown>> {
  const response = await sent;
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`The emulator answered ${response.status}: ${String(answer.code)}`);
  return answer;
}

async function median(run: () => Promise<unknown>): Promise<number> {
  const measured: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const began = performance.now();
    await run();
    measured.push(performance.now() - began);
  }
  return measured.toSorted((one, other) => one - other)[times / 2] ?? NaN;
}
