// Runs the conformance suite against an emulator of its own: `npm run test:emulator`. Options go to the suite.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { startEmulator } from "../start";

const machine = { id: "conformance-machine", secret: "conformance-machine-secret" };
const [redirectUri, postLogoutRedirectUri] = ["http://127.0.0.1:9/callback", "http://127.0.0.1:9/"];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function must<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** A Management API client of the emulator. */
async function management(endpoint: string) {
  const credentials = Buffer.from(`${machine.id}:${machine.secret}`).toString("base64");
  const { access_token: token } = await must<{ access_token: string }>(
    await fetch(`${endpoint}/oidc/token`, {
      method: "POST",
      headers: { authorization: `Basic ${credentials}` },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        resource: "https://default.logto.app/api",
        scope: "all",
      }),
    }),
  );
  return async <Answer>(method: string, path: string, body?: object): Promise<Answer> =>
    must<Answer>(
      await fetch(`${endpoint}/api${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: body ? JSON.stringify(body) : null,
      }),
    );
}

type Api = Awaited<ReturnType<typeof management>>;

/** The suite must pass beside data that it did not make. */
async function furnish(api: Api): Promise<void> {
  const scope = await api<{ id: string }>("POST", "/organization-scopes", { name: "read:posts" });
  await api("POST", "/organization-roles", { name: "Admin", organizationScopeIds: [scope.id] });
  for (let number = 1; number <= 25; number += 1) {
    const user = await api<{ id: string }>("POST", "/users", { primaryEmail: `resident${number}@example.com` });
    const organization = await api<{ id: string }>("POST", "/organizations", { name: `Resident ${number}` });
    await api("POST", `/organizations/${organization.id}/users`, { userIds: [user.id] });
    await api("POST", "/applications", { name: `Resident ${number}`, type: "SPA" });
  }
}

async function run(): Promise<number> {
  const emulator = await startEmulator({ port: 0, file: ":memory:", machine });
  try {
    const api = await management(emulator.endpoint);
    const oidcClientMetadata = { redirectUris: [redirectUri], postLogoutRedirectUris: [postLogoutRedirectUri] };
    const web = { name: "Conformance", type: "Traditional", oidcClientMetadata };
    const { id } = await api<{ id: string }>("POST", "/applications", web);
    const [secret] = await api<{ value: string }[]>("GET", `/applications/${id}/secrets`);
    await furnish(api);
    const mailPort = await freePort();
    const config = { endpoint: `http://127.0.0.1:${mailPort}/mail` };
    await api("POST", "/connectors", { connectorId: "http-email", config });

    const suite = spawn(
      process.execPath,
      [fileURLToPath(new URL("run.mjs", import.meta.url)), ...process.argv.slice(2)],
      {
        stdio: "inherit",
        env: {
          ...process.env,
          LOGTO_ENDPOINT: emulator.endpoint,
          LOGTO_M2M_APP_ID: machine.id,
          LOGTO_M2M_APP_SECRET: machine.secret,
          LOGTO_APP_ID: id,
          LOGTO_APP_SECRET: secret?.value,
          LOGTO_REDIRECT_URI: redirectUri,
          LOGTO_POST_LOGOUT_REDIRECT_URI: postLogoutRedirectUri,
          LOGTO_MAIL_LISTENER_PORT: String(mailPort),
          LOGTO_REPLACE_CONNECTOR: "1",
        },
      },
    );
    return await new Promise<number>((resolve) => suite.on("close", (code) => resolve(code ?? 1)));
  } finally {
    await emulator.close();
  }
}

process.exitCode = await run();
