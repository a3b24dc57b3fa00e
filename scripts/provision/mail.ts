// The plan for mail: the connector that sends it, and the text of an invitation.
import { isDeepStrictEqual } from "node:util";
import type { Connector, Found } from "./found";
import type { Manifest, Smtp } from "./manifest";
import { change, create, ok, refuse, warn, type PlanFlags, type Step } from "./step";

const smtpConnector = "simple-mail-transfer-protocol";
/** The id that our connector is made with; a connector has no other place for a mark. */
const ourConnector = "atrium-mail";

export function planMail(found: Found, manifest: Manifest, flags: PlanFlags): Step[] {
  const connector = planConnector(found.connector, manifest.smtp, flags);
  const sender = manifest.smtp ? smtpConnector : found.connector?.connectorId;
  // An http-email connector gets the bare facts and writes the mail itself.
  if (connector.kind === "refuse" || sender === undefined || sender === "http-email") return [connector];
  const languages = new Set([found.signInExperience.languageInfo.fallbackLanguage, "en"]);
  return [connector, ...[...languages].map((language) => planTemplate(found, manifest, language, flags))];
}

function planConnector(existing: Connector | undefined, smtp: Smtp | undefined, flags: PlanFlags): Step {
  const what = "e-mail connector";
  if (!smtp && !existing)
    return warn(what, "there is none, so no invitation can be mailed: set SMTP_HOST and its like");
  if (!smtp) return ok(what, existing?.connectorId);
  if (smtp.user === "" || smtp.password === "") {
    return refuse(
      what,
      "SMTP_USER and SMTP_PASSWORD are needed: Logto takes a connector without them, which cannot send",
    );
  }
  if (!existing) return create(what, (api) => api.write("POST", "/connectors", newConnector(smtp)), smtp.host);

  const { connectorId, config } = existing;
  const isSmtp = connectorId === smtpConnector;
  // What somebody wrote into the connector beside our settings, its texts above all, stays.
  const wanted = { ...config, ...smtpConfig(smtp) };
  if (isSmtp && isDeepStrictEqual(withoutEmpty(config), withoutEmpty(wanted))) return ok(what, smtp.host);
  if (!flags.replaceMail && !(isSmtp && existing.id === ourConnector)) {
    return refuse(
      what,
      `somebody else set up ${connectorId}, and Logto keeps only one: --replace-mail takes its place`,
    );
  }
  return change(what, `mail goes through ${smtp.host}`, (api) =>
    isSmtp
      ? api.write("PATCH", `/connectors/${existing.id}`, { config: wanted })
      : api.write("POST", "/connectors", newConnector(smtp)),
  );
}

function newConnector(smtp: Smtp) {
  return { connectorId: smtpConnector, id: ourConnector, config: { ...smtpConfig(smtp), templates: codeTemplates } };
}

function smtpConfig({ host, port, user, password, from }: Smtp) {
  return { host, port, auth: { type: "login", user, pass: password }, fromEmail: from };
}

/** Logto refuses an SMTP connector without a text for each of these. */
const codeTemplates = ["Register", "SignIn", "ForgotPassword", "Generic"].map((usageType) => ({
  usageType,
  contentType: "text/plain",
  subject: "Your code: {{code}}",
  content: "Your code is {{code}}. It is good for ten minutes.\n\nIf you did not ask for it, you need not do anything.",
}));

function planTemplate(found: Found, manifest: Manifest, languageTag: string, { replaceMail }: PlanFlags): Step {
  const what = `invitation text (${languageTag})`;
  const wanted = { languageTag, templateType: "OrganizationInvitation", details: manifest.invitation };
  const put: Step["apply"] = (api) => api.write("PUT", "/email-templates", { templates: [wanted] });

  const existing = found.templates.find((template) => template.languageTag === languageTag);
  if (!existing) return create(what, put);
  if (isDeepStrictEqual(existing.details, manifest.invitation)) return ok(what);
  if (replaceMail) return change(what, "replaced by Atrium's", put);
  const { content = "", contentType } = existing.details;
  if (!/\{\{\s*link\s*\}\}/.test(content)) {
    return warn(
      what,
      "somebody else's text, and it lacks {{link}}: nobody could accept. --replace-mail puts Atrium's there",
    );
  }
  if (contentType !== "text/plain") {
    return warn(what, "somebody else's text, in HTML: Logto puts names into it unescaped, so a name can be markup");
  }
  return ok(what, "somebody else's text, kept");
}

/** Logto stores no empty strings, objects and lists. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, entry]): [string, unknown] => [key, withoutEmpty(entry)])
    .filter(([, entry]) => !isEmpty(entry));
  return Object.fromEntries(kept);
}

function isEmpty(value: unknown): boolean {
  if (value === "" || value === undefined) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
