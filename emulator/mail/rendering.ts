// What an SMTP connector would have sent: the template that Logto would choose, its variables filled in, nothing escaped.
import type { Store } from "../database/store";
import { LogtoError } from "../errors";
import { ownTemplates } from "../settings/connectors";
import { type TemplateDetails, findTemplate } from "../settings/email-templates";
import { readSignInExperience } from "../settings/sign-in-experience";
import type { Mail } from "./mailer";

export interface Message {
  subject: string;
  content: string;
  contentType: "text/html" | "text/plain";
  replyTo?: string | undefined;
  sendFrom?: string | undefined;
}

/** Stored template of the payload's locale, then of the fallback language, then Generic, then the connector's own. */
function choose(store: Store, config: Record<string, unknown>, { type, payload }: Mail): TemplateDetails | undefined {
  const { fallbackLanguage } = readSignInExperience(store).languageInfo;
  const locale = typeof payload.locale === "string" ? payload.locale : fallbackLanguage;
  const stored =
    findTemplate(store, locale, type) ??
    findTemplate(store, fallbackLanguage, type) ??
    findTemplate(store, fallbackLanguage, "Generic");
  if (stored) return stored.details;
  const own = ownTemplates(config);
  return own.find(({ usageType }) => usageType === type) ?? own.find(({ usageType }) => usageType === "Generic");
}

/** `{{organization.name}}`: a path missing in a known object gives "", an unknown first word stays as it is. */
function fill(text: string, payload: Record<string, unknown>): string {
  return text.replace(/{{\s*([\w.]+)\s*}}/g, (mark, path: string) => {
    const [first = "", ...rest] = path.split(".");
    if (!(first in payload)) return mark;
    let value: unknown = payload[first];
    for (const key of rest)
      value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
    return value === undefined || value === null ? "" : String(value);
  });
}

/** @throws LogtoError 400 `connector.invalid_config` when the connector has no credentials or no text */
export function renderMail(store: Store, config: Record<string, unknown>, mail: Mail): Message {
  const template = choose(store, config, mail);
  if (!template || !config.auth) throw new LogtoError(400, "connector.invalid_config");
  const optional = (text: string | undefined) => (text === undefined ? undefined : fill(text, mail.payload));
  return {
    subject: fill(template.subject, mail.payload),
    content: fill(template.content, mail.payload),
    contentType: template.contentType ?? "text/html",
    replyTo: optional(template.replyTo),
    sendFrom: optional(template.sendFrom),
  };
}
