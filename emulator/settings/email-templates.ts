// Texts of mails, by language and type; used by SMTP connectors only.
import type { Store, Table } from "../database/store";
import { longId } from "../ids";

export interface TemplateDetails {
  subject: string;
  content: string;
  contentType?: "text/html" | "text/plain" | undefined;
  replyTo?: string | undefined;
  sendFrom?: string | undefined;
}

export interface EmailTemplate {
  tenantId: "default";
  id: string;
  languageTag: string;
  templateType: string;
  details: TemplateDetails;
  createdAt: number;
}

export const templateTypes = [
  ...["SignIn", "Register", "ForgotPassword", "OrganizationInvitation", "Generic", "UserPermissionValidation"],
  ...["BindNewIdentifier", "MfaVerification", "BindMfa"],
] as const;

export const emailTemplateTable: Table = { name: "email_templates", json: ["details"], tenant: true };

export const findTemplate = (store: Store, languageTag: string, templateType: string) =>
  store.find<EmailTemplate>(
    emailTemplateTable,
    "select * from email_templates where language_tag = ? and template_type = ?",
    languageTag,
    templateType,
  );

/** Makes the templates or replaces their details; ids and times stay. */
export function putTemplates(
  store: Store,
  templates: readonly Pick<EmailTemplate, "languageTag" | "templateType" | "details">[],
) {
  return store.atomic(() =>
    templates.map(({ languageTag, templateType, details }) => {
      store.run(
        `insert into email_templates values (?, ?, ?, ?, ?)
         on conflict (language_tag, template_type) do update set details = excluded.details`,
        ...[longId(), languageTag, templateType, JSON.stringify(details), Date.now()],
      );
      return findTemplate(store, languageTag, templateType);
    }),
  );
}
