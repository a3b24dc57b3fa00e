// The configuration: the only reader of process.env. Read once, at start; a fault stops the start with a sentence for each.
import { isIP } from "node:net";
import { dirname, join } from "node:path";
import { z } from "zod";

export type Config = ReturnType<typeof arrange>;

/** Reads the environment. Throws one Error whose message has a sentence per fault: it names variables and never shows a value. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const read = Environment.safeParse(given);
  if (read.success) return arrange(read.data);
  const faults = read.error.issues.map((issue) => `- ${issue.path.join(".")} ${issue.message}`);
  throw new Error(
    ["The configuration cannot be used.", ...faults, ".env.example says what each variable is for."].join("\n"),
  );
}

const required = { error: "is not set. It is needed." };
const secret = z.string(required).trim();

const Environment = z
  .object({
    NODE_ENV: z
      .enum(["production", "development", "test"], oneOf("production, development, test"))
      .default("development"),
    APP_URL: origin().default("http://localhost:3000"),
    PORT: whole(0, 65_535).default(3000),
    HOST: z.string().trim().default("127.0.0.1"),

    LOGTO_ENDPOINT: origin(),
    LOGTO_APP_ID: secret,
    LOGTO_APP_SECRET: secret,
    LOGTO_M2M_APP_ID: secret,
    LOGTO_M2M_APP_SECRET: secret,
    LOGTO_MANAGEMENT_RESOURCE: z
      .url("must be an address such as https://default.logto.app/api.")
      .default("https://default.logto.app/api"),
    LOGTO_WEBHOOK_SIGNING_KEY: secret,

    SESSION_SECRET: z.string(required).transform(commaSeparated).refine(areLongSecrets, {
      error: "must be one secret or several with commas between them, each of at least 32 characters.",
    }),
    DATABASE_FILE: z.string().trim().default(".data/atrium.db"),
    EXPORTS_FOLDER: z.string().trim().optional(),
    MEMBERSHIP_MAX_AGE_SECONDS: whole(0, 60).default(60),

    AUDIT_LOG_DAYS: whole(30, 3650).default(400),
    INVOICE_FROM: z.string().transform(lines).default([]),

    TRUST_PROXY: z.string().transform(trustedProxies).default(false),
    RATE_LIMIT_PER_PERSON_PER_MINUTE: whole(1, 1_000_000).default(600),
    RATE_LIMIT_PER_ADDRESS_PER_MINUTE: whole(1, 1_000_000).default(1200),
    RATE_LIMIT_SIGN_IN_PER_ADDRESS_PER_MINUTE: whole(1, 1_000_000).default(30),
    BODY_LIMIT_BYTES: whole(1024, 64 * 1024 * 1024).default(1024 * 1024),

    LOG_LEVEL: z
      .enum(
        ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
        oneOf("fatal, error, warn, info, debug, trace, silent"),
      )
      .default("info"),
    LOG_FILE: z.string().trim().optional(),
  })
  .superRefine((value, context) => {
    const refuse = (name: keyof typeof value, message: string) =>
      context.addIssue({ code: "custom", path: [name], message });
    if (value.NODE_ENV === "production" && isPlainAndRemote(value.APP_URL)) {
      refuse("APP_URL", "must begin with https:// in production, unless it is on this machine (localhost).");
    }
    if (isPlainAndRemote(value.LOGTO_ENDPOINT)) {
      refuse("LOGTO_ENDPOINT", "must begin with https://, unless it is on this machine (localhost).");
    }
  });

function arrange(environment: z.output<typeof Environment>) {
  return {
    production: environment.NODE_ENV === "production",
    development: environment.NODE_ENV === "development",
    app: { origin: environment.APP_URL, secure: environment.APP_URL.startsWith("https:") },
    server: { host: environment.HOST, port: environment.PORT, trustProxy: environment.TRUST_PROXY },
    logto: {
      endpoint: environment.LOGTO_ENDPOINT,
      appId: environment.LOGTO_APP_ID,
      appSecret: environment.LOGTO_APP_SECRET,
      webhookSigningKey: environment.LOGTO_WEBHOOK_SIGNING_KEY,
      management: {
        resource: environment.LOGTO_MANAGEMENT_RESOURCE,
        appId: environment.LOGTO_M2M_APP_ID,
        appSecret: environment.LOGTO_M2M_APP_SECRET,
      },
    },
    session: { secrets: environment.SESSION_SECRET },
    database: { file: environment.DATABASE_FILE },
    exports: { folder: environment.EXPORTS_FOLDER ?? join(dirname(environment.DATABASE_FILE), "exports") },
    membership: { maxAgeSeconds: environment.MEMBERSHIP_MAX_AGE_SECONDS },
    audit: { days: environment.AUDIT_LOG_DAYS },
    invoices: { from: environment.INVOICE_FROM },
    limits: {
      perPersonPerMinute: environment.RATE_LIMIT_PER_PERSON_PER_MINUTE,
      perAddressPerMinute: environment.RATE_LIMIT_PER_ADDRESS_PER_MINUTE,
      signInPerAddressPerMinute: environment.RATE_LIMIT_SIGN_IN_PER_ADDRESS_PER_MINUTE,
      bodyBytes: environment.BODY_LIMIT_BYTES,
    },
    log: { level: environment.LOG_LEVEL, file: environment.LOG_FILE },
  };
}

function oneOf(values: string) {
  return { error: `must be one of: ${values}.` };
}

function whole(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}.`;
  return z
    .string()
    .trim()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
}

/** An origin, without the slash at its end, whichever way it was written. */
function origin() {
  return z.string(required).transform((value, context) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    const bare = url && url.pathname === "/" && !url.search && !url.hash && !url.username && !url.password;
    if (bare && (url.protocol === "https:" || url.protocol === "http:")) return url.origin;
    context.addIssue({
      code: "custom",
      message: "must be an origin, such as https://app.example.com, with nothing after it.",
    });
    return z.NEVER;
  });
}

function isPlainAndRemote(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "http:" && !/^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function commaSeparated(value: string): string[] {
  return value.split(",").map((part) => part.trim());
}

/** A variable is one line, so what is written in several has bars between them. */
function lines(value: string): string[] {
  return value
    .split("|")
    .map((line) => line.trim())
    .filter(Boolean);
}

function areLongSecrets(secrets: string[]): boolean {
  return secrets.every((each) => each.length >= 32);
}

/** What Express understands as "trust proxy": how many proxies stand in front, or their addresses. */
function trustedProxies(value: string, context: z.RefinementCtx): false | number | string[] {
  if (/^\s*\d{1,2}\s*$/.test(value)) return Number(value) || false;
  const addresses = commaSeparated(value);
  if (addresses.every(isProxyAddress)) return addresses;
  context.addIssue({
    code: "custom",
    message: "must be the number of proxies in front of the app, or their addresses with commas between them.",
  });
  return z.NEVER;
}

function isProxyAddress(value: string): boolean {
  if (["loopback", "linklocal", "uniquelocal"].includes(value)) return true;
  const [address = "", prefix = "0", more] = value.split("/");
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more === undefined && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}
