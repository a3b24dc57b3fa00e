// What Atrium needs of a Logto: one object, made from the app's own permissions, roles and URLs.
import { paths } from "../../app/paths";
import { permissions, templateRoles } from "../../app/permissions";

export interface Smtp {
  host: string;
  port: number;
  user: string;
  password: string;
  from: string;
}

export interface ManifestOptions {
  /** Where the app is reached, e.g. `https://atrium.example.com`. */
  baseUrl: string;
  /** Tells this installation from others on the same Logto; kept in the application's custom data. */
  key?: string;
  /** Name of the application and of the webhook. */
  name?: string;
  /** The application's id, when it is known already. */
  applicationId?: string;
  smtp?: Smtp;
}

export type Manifest = ReturnType<typeof manifestFor>;

export const mark = "atrium.provisioned";

export function manifestFor({ baseUrl, key = "atrium", name = "Atrium", applicationId, smtp }: ManifestOptions) {
  const at = (path: string) => new URL(path, baseUrl).href;
  return {
    key,
    name,
    applicationId,
    smtp,
    redirectUri: at(paths.callback),
    postLogoutRedirectUri: at(paths.home),
    webhookUrl: at(paths.logtoWebhook),
    events: webhookEvents,
    scopes: Object.entries(permissions).map(([scope, description]) => ({ name: scope, description })),
    roles: templateRoles,
    invitation,
  };
}

/** Changes of a member's roles are not among them: Logto has no event for these. */
const webhookEvents = [
  "Organization.Created",
  "Organization.Data.Updated",
  "Organization.Deleted",
  "Organization.Membership.Updated",
  "OrganizationRole.Created",
  "OrganizationRole.Data.Updated",
  "OrganizationRole.Deleted",
  "OrganizationRole.Scopes.Updated",
  "OrganizationScope.Created",
  "OrganizationScope.Data.Updated",
  "OrganizationScope.Deleted",
  "User.Created",
  "User.Data.Updated",
  "User.SuspensionStatus.Updated",
  "User.Deleted",
];

/** Plain text, because Logto puts the organization's name into the mail as it is: in HTML a name would be markup. */
const invitation = {
  subject: "You are invited to {{organization.name}}",
  contentType: "text/plain",
  content: [
    "You are invited to join {{organization.name}}.",
    "Open this link to see the invitation, then accept or decline it:",
    "{{link}}",
    "If you did not expect this, you need not do anything.",
  ].join("\n\n"),
};
