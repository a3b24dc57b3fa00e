// The command `npm run provision-logto`: sets up a Logto for Atrium, or with --check says what is missing.
import { parseArgs } from "node:util";
import { envLine, givenSettings, updateEnvFile } from "./env-file.mjs";
import { defaultResource } from "./management-api";
import type { Smtp } from "./provision/manifest";
import { provision, type Credentials } from "./provision/provision";

export { provision, type Credentials, type ProvisionOptions, type ProvisionResult } from "./provision/provision";

const usage = `npm run provision-logto -- [options]

Sets up a Logto for Atrium: application, permissions, roles, webhook, mail. It can be run again: it writes only what differs,
takes nothing away that others made, and refuses when it is not sure. Settings come from the environment, or from .env:
  LOGTO_ENDPOINT, LOGTO_M2M_APP_ID, LOGTO_M2M_APP_SECRET   a machine application with the role "Logto Management API access"
  APP_URL                                                  where the app is reached
  SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD, SMTP_FROM  mail, if Logto has no e-mail connector yet

  --check                only say what differs. Exit code 0: nothing, 1: something, 2: refused or out of reach
  --env-file FILE        write the lines that the app needs into FILE (readable by its owner alone)
  --print-env            print these lines; they hold secrets
  --app-url URL          instead of APP_URL
  --key NAME             tells several installations on one Logto apart (default: atrium)
  --name NAME            name of the application and the webhook (default: Atrium)
  --application-id ID    the application to use (default: LOGTO_APP_ID, else it is found or made)
  --sign-in              set sign-up to a verified e-mail address and a password
  --replace-mail         may replace an e-mail connector or an invitation text that somebody else made
  --prune                also take away redirect URIs, webhook events and permissions of our roles that Atrium does not know
  --rotate               make a new application secret; the old one stays valid until you delete it in Logto
`;

/** @returns the exit code. */
export async function main(args: string[], settings: Record<string, string>): Promise<number> {
  const flags = readFlags(args);
  if (typeof flags === "string") return complain(flags);
  if (flags.help) return say(usage);

  const setting = (name: string) => settings[name]?.trim();
  const given = setting("LOGTO_ENDPOINT");
  const baseUrl = flags["app-url"] ?? setting("APP_URL");
  const missing = ["LOGTO_M2M_APP_ID", "LOGTO_M2M_APP_SECRET"].filter((name) => !setting(name));
  if (!given || !URL.canParse(given)) missing.push("LOGTO_ENDPOINT (such as https://auth.example.com)");
  if (!baseUrl || !URL.canParse(baseUrl))
    missing.push("APP_URL (where the app is reached, such as https://app.example.com)");
  const smtp = smtpFrom(setting);
  if (smtp && !Number.isInteger(smtp.port)) missing.push("SMTP_PORT (a number, such as 587)");
  if (missing.length > 0 || !baseUrl || !given)
    return complain(`Not set, or not usable: ${missing.join(", ")}. --help says more.`);

  const endpoint = new URL(given).href.replace(/\/+$/, "");
  const machine = { appId: setting("LOGTO_M2M_APP_ID") ?? "", appSecret: setting("LOGTO_M2M_APP_SECRET") ?? "" };
  const resource = setting("LOGTO_MANAGEMENT_RESOURCE") ?? defaultResource;
  const result = await provision({
    endpoint,
    machine,
    resource,
    baseUrl,
    key: flags.key,
    name: flags.name,
    applicationId: flags["application-id"] ?? setting("LOGTO_APP_ID"),
    smtp,
    check: flags.check,
    prune: flags.prune,
    rotate: flags.rotate,
    replaceMail: flags["replace-mail"],
    signIn: flags["sign-in"],
    print: say,
  });
  if (result.credentials && !flags.check) {
    const lines = {
      ...environmentFor(endpoint, result.credentials),
      ...machineEnvironment(machine, resource),
      APP_URL: baseUrl,
    };
    handOut(lines, flags["env-file"], flags["print-env"]);
  }
  return result.exitCode;
}

/** The lines of .env that come from provisioning. */
export function environmentFor(endpoint: string, { appId, appSecret, webhookSigningKey }: Credentials) {
  return {
    LOGTO_ENDPOINT: endpoint,
    LOGTO_APP_ID: appId,
    LOGTO_APP_SECRET: appSecret,
    LOGTO_WEBHOOK_SIGNING_KEY: webhookSigningKey,
  };
}

function machineEnvironment({ appId, appSecret }: { appId: string; appSecret: string }, resource: string) {
  return { LOGTO_M2M_APP_ID: appId, LOGTO_M2M_APP_SECRET: appSecret, LOGTO_MANAGEMENT_RESOURCE: resource };
}

function handOut(lines: Record<string, string>, file: string | undefined, print: boolean | undefined): void {
  if (file) {
    updateEnvFile(file, lines);
    say(`Wrote ${Object.keys(lines).join(", ")} to ${file}.`);
  }
  if (print) for (const [name, value] of Object.entries(lines)) say(envLine(name, value));
  if (!file && !print)
    say("The lines for .env hold secrets: --env-file .env writes them there, --print-env prints them.");
}

function readFlags(args: string[]) {
  const flag = { type: "boolean" } as const;
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args,
      options: {
        check: flag,
        "env-file": text,
        "print-env": flag,
        "app-url": text,
        key: text,
        name: text,
        "application-id": text,
        "sign-in": flag,
        "replace-mail": flag,
        prune: flag,
        rotate: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function smtpFrom(setting: (name: string) => string | undefined): Smtp | undefined {
  const host = setting("SMTP_HOST");
  if (!host) return undefined;
  const user = setting("SMTP_USER") ?? "";
  return {
    host,
    port: Number(setting("SMTP_PORT") ?? 587),
    user,
    password: setting("SMTP_PASSWORD") ?? "",
    from: setting("SMTP_FROM") ?? user,
  };
}

function say(line: string): number {
  process.stdout.write(`${line}\n`);
  return 0;
}

function complain(line: string): number {
  process.stderr.write(`${line}\n`);
  return 2;
}

// By name, because a bundler gives every module of a bundle the same import.meta.url.
if (/provision-logto\.(ts|js)$/.test(process.argv[1] ?? "")) {
  process.exitCode = await main(process.argv.slice(2), givenSettings());
}
