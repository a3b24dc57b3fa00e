// Sets up a Logto for Atrium: reads everything, plans, writes only the differences, reads again, and tries the door.
import { LogtoRefused, LogtoUnavailable } from "../../app/logto/outcome.server";
import {
  createManagementApi,
  defaultResource,
  MissingManagementRole,
  type Machine,
  type ManagementApi,
} from "../management-api";
import { newestSecret, planApplication } from "./application";
import { readLogto, type Found } from "./found";
import { planMail } from "./mail";
import { manifestFor, type Manifest, type ManifestOptions } from "./manifest";
import { authorizationProbe, waitForLogto } from "./probe";
import { planSignUp } from "./sign-up";
import type { PlanFlags, Step } from "./step";
import { planTemplate } from "./template";
import { planWebhook } from "./webhook";

export interface ProvisionOptions extends ManifestOptions, PlanFlags {
  /** Logto's base URL; the issuer is `<endpoint>/oidc`. */
  endpoint: string;
  /** A machine-to-machine application with the role that grants the Management API's scope `all`. */
  machine: Machine;
  /** Audience of the Management API. */
  resource?: string;
  /** Only reports: no write is sent. */
  check?: boolean;
  /** Seconds to wait for a Logto that does not answer yet. */
  patience?: number;
  /** Gets each line of the report. No line holds a secret. */
  print?: (line: string) => void;
}

export interface ProvisionResult {
  /** 0: Logto is as it should be. 1: it differs (`check`), or still does after writing. 2: refused, or out of reach. */
  exitCode: 0 | 1 | 2;
  /** Every item looked at, as it was before anything was written. */
  steps: Step[];
  /** How many writes were sent. */
  writes: number;
  /** What the app needs to know, when all of it exists. */
  credentials?: Credentials;
}

export interface Credentials {
  appId: string;
  appSecret: string;
  webhookSigningKey: string;
}

/** Can be repeated: a second run writes nothing. One run at a time, because Logto has no locks and would keep both runs' applications. */
export async function provision(options: ProvisionOptions): Promise<ProvisionResult> {
  const { machine, resource = defaultResource, check = false, print = () => {} } = options;
  const endpoint = options.endpoint.replace(/\/+$/, "");
  const api = createManagementApi({ endpoint, machine, resource });
  const refused = (reason: string, steps: Step[] = []): ProvisionResult => {
    print(reason);
    return { exitCode: 2, steps, writes: api.writes() };
  };
  try {
    const fault = await waitForLogto(endpoint, options.patience ?? 15);
    if (fault) return refused(fault);
    const manifest = manifestFor(options);
    return await carryOut({ api, manifest, flags: options, check, print, endpoint, refused });
  } catch (error) {
    return refused(sentenceFor(error, endpoint, machine));
  }
}

interface Run {
  api: ManagementApi;
  manifest: Manifest;
  flags: PlanFlags;
  check: boolean;
  print: (line: string) => void;
  endpoint: string;
  refused: (reason: string, steps: Step[]) => ProvisionResult;
}

async function carryOut({ api, manifest, flags, check, print, endpoint, refused }: Run): Promise<ProvisionResult> {
  const before = await readLogto(api, manifest);
  const steps = plan(before, manifest, flags);
  for (const step of steps) print(lineFor(step));
  if (steps.some(({ kind }) => kind === "refuse")) return refused("Refused, and nothing was changed.", steps);

  const due = steps.filter(isWrite);
  const drifted = due.length > 0 || steps.some(({ kind }) => kind === "drift");
  if (check && drifted) return { exitCode: 1, steps, writes: 0, credentials: credentialsIn(before) };

  for (const { apply } of due) await apply?.(api);
  const after = due.length > 0 ? await readLogto(api, manifest) : before;
  const left = due.length > 0 ? plan(after, manifest, { ...flags, rotate: false }).filter(isWrite) : [];
  for (const step of left) print(`${lineFor(step)} (still, after writing it)`);

  const credentials = credentialsIn(after);
  const door = credentials && (await authorizationProbe(endpoint, credentials.appId, manifest));
  if (door) print(`refuse sign-in: ${door}`);
  return { exitCode: left.length > 0 || door ? 1 : 0, steps, writes: api.writes(), credentials };
}

function plan(found: Found, manifest: Manifest, flags: PlanFlags): Step[] {
  const canMail = found.connector !== undefined || manifest.smtp !== undefined;
  return [
    ...planApplication(found, manifest, flags),
    ...planTemplate(found, manifest, flags),
    ...planWebhook(found, manifest, flags),
    ...planMail(found, manifest, flags),
    // Last: Logto takes a sign-up rule that mails codes only when there is a connector.
    ...planSignUp(found.signInExperience, canMail, flags),
  ];
}

function credentialsIn({ candidates, secrets, hooks }: Found): Credentials | undefined {
  const [application] = candidates;
  const [hook] = hooks;
  const appSecret = newestSecret(secrets);
  if (!application || !hook || !appSecret) return undefined;
  return { appId: application.id, appSecret, webhookSigningKey: hook.signingKey };
}

const isWrite = ({ kind }: Step) => kind === "create" || kind === "change";

const lineFor = ({ kind, what, why }: Step) => `${kind.padEnd(6)} ${what}${why ? `: ${why}` : ""}`;

function sentenceFor(error: unknown, endpoint: string, { appId }: Machine): string {
  if (error instanceof MissingManagementRole) {
    return `The machine application ${appId} may not use the Management API: give it the role "Logto Management API access".`;
  }
  if (error instanceof LogtoRefused && (error.code === "invalid_client" || error.code === "oidc.invalid_client")) {
    return `Logto does not know the machine application ${appId}, or its secret is another one.`;
  }
  if (error instanceof LogtoRefused)
    return `Logto refused a call (${error.status} ${error.code}). Run --check to see what is done.`;
  if (error instanceof LogtoUnavailable) return `${endpoint} gave no usable answer (${error.message}). Run it again.`;
  throw error;
}
