// Every operation of the app: where it is, how it is asked for, and what it needs. The guards and the isolation suite read this one table.
import { paths } from "../paths";
import type { Permission } from "../permissions";

/** `anyone`: no session is needed. `signed-in`: a session, but no organization. Else a permission in the active organization. */
export type Requirement = "anyone" | "signed-in" | Permission;

export interface Operation {
  /** The route's file in app/routes, without its ending; `server` for an endpoint of Express, `root` for app/root.tsx. */
  route: string;
  path: string;
  method: "GET" | "POST";
  permission: Requirement;
}

const postId = ":postId";
const commentId = ":commentId";
const memberId = ":memberId";
const invitationId = ":invitationId";
const invoiceId = ":invoiceId";
const token = ":token";
const exportId = ":exportId";

export const policy = {
  root: { route: "root", path: "*", method: "GET", permission: "anyone" },
  home: { route: "_index", path: paths.home, method: "GET", permission: "anyone" },
  "not-found": { route: "$", path: "/*", method: "GET", permission: "anyone" },

  "auth.sign-in": { route: "auth.sign-in", path: paths.signIn(), method: "GET", permission: "anyone" },
  "auth.consent": { route: "auth.consent", path: paths.consent(), method: "GET", permission: "signed-in" },
  "auth.callback": { route: "auth.callback", path: paths.callback, method: "GET", permission: "anyone" },
  "auth.sign-out": { route: "auth.sign-out", path: paths.signOut, method: "POST", permission: "anyone" },

  "organizations.list": {
    route: "organizations._index",
    path: paths.organizations,
    method: "GET",
    permission: "signed-in",
  },
  "organizations.new": {
    route: "organizations.new",
    path: paths.newOrganization,
    method: "GET",
    permission: "signed-in",
  },
  "organizations.create": {
    route: "organizations.new",
    path: paths.newOrganization,
    method: "POST",
    permission: "signed-in",
  },
  "organizations.switched": {
    route: "organizations.switch",
    path: paths.switchOrganization,
    method: "GET",
    permission: "signed-in",
  },
  "organizations.switch": {
    route: "organizations.switch",
    path: paths.switchOrganization,
    method: "POST",
    permission: "signed-in",
  },
  "organizations.first": {
    route: "organizations._index",
    path: paths.organizations,
    method: "POST",
    permission: "signed-in",
  },

  "posts.list": { route: "posts._index", path: paths.posts, method: "GET", permission: "read:posts" },
  "posts.new": { route: "posts.new", path: paths.newPost, method: "GET", permission: "write:posts" },
  "posts.create": { route: "posts.new", path: paths.newPost, method: "POST", permission: "write:posts" },
  "posts.show": { route: "posts.$postId._index", path: paths.post(postId), method: "GET", permission: "read:posts" },
  "posts.edit": { route: "posts.$postId.edit", path: paths.editPost(postId), method: "GET", permission: "write:posts" },
  "posts.update": {
    route: "posts.$postId.edit",
    path: paths.editPost(postId),
    method: "POST",
    permission: "write:posts",
  },
  "posts.publish": {
    route: "posts.$postId.publish",
    path: paths.publishPost(postId),
    method: "POST",
    permission: "write:posts",
  },
  "posts.archive": {
    route: "posts.$postId.archive",
    path: paths.archivePost(postId),
    method: "POST",
    permission: "write:posts",
  },
  "posts.delete.confirm": {
    route: "posts.$postId.delete",
    path: paths.deletePost(postId),
    method: "GET",
    permission: "write:posts",
  },
  "posts.delete": {
    route: "posts.$postId.delete",
    path: paths.deletePost(postId),
    method: "POST",
    permission: "write:posts",
  },

  "comments.create": {
    route: "posts.$postId.comments",
    path: paths.newComment(postId),
    method: "POST",
    permission: "write:posts",
  },
  "comments.edit": {
    route: "posts.$postId.comments_.$commentId._index",
    path: paths.comment(postId, commentId),
    method: "GET",
    permission: "write:posts",
  },
  "comments.update": {
    route: "posts.$postId.comments_.$commentId._index",
    path: paths.comment(postId, commentId),
    method: "POST",
    permission: "write:posts",
  },
  "comments.delete": {
    route: "posts.$postId.comments_.$commentId.delete",
    path: paths.deleteComment(postId, commentId),
    method: "POST",
    permission: "write:posts",
  },

  "members.list": { route: "members._index", path: paths.members, method: "GET", permission: "read:members" },
  "members.role.confirm": {
    route: "members.$memberId.role",
    path: paths.memberRole(memberId),
    method: "GET",
    permission: "manage:members",
  },
  "members.role": {
    route: "members.$memberId.role",
    path: paths.memberRole(memberId),
    method: "POST",
    permission: "manage:members",
  },
  "members.remove.confirm": {
    route: "members.$memberId.remove",
    path: paths.removeMember(memberId),
    method: "GET",
    permission: "manage:members",
  },
  "members.remove": {
    route: "members.$memberId.remove",
    path: paths.removeMember(memberId),
    method: "POST",
    permission: "manage:members",
  },
  "members.leave.confirm": { route: "members.leave", path: paths.leave, method: "GET", permission: "read:posts" },
  "members.leave": { route: "members.leave", path: paths.leave, method: "POST", permission: "read:posts" },

  "invitations.list": {
    route: "members.invitations._index",
    path: paths.invitations,
    method: "GET",
    permission: "invite:members",
  },
  "invitations.new": { route: "members.invite", path: paths.invite, method: "GET", permission: "invite:members" },
  "invitations.send": { route: "members.invite", path: paths.invite, method: "POST", permission: "invite:members" },
  "invitations.progress": {
    route: "members.invite_.progress",
    path: paths.inviteProgress,
    method: "GET",
    permission: "invite:members",
  },
  "invitations.resend": {
    route: "members.invitations.resend",
    path: paths.resendInvitations,
    method: "POST",
    permission: "invite:members",
  },
  "invitations.revoke": {
    route: "members.invitations.revoke",
    path: paths.revokeInvitations,
    method: "POST",
    permission: "invite:members",
  },
  "invitations.renew": {
    route: "members.invitations.$invitationId.link",
    path: paths.renewInvitation(invitationId),
    method: "POST",
    permission: "invite:members",
  },
  "invitations.role.edit": {
    route: "members.invitations.$invitationId.role",
    path: paths.invitationRole(invitationId),
    method: "GET",
    permission: "invite:members",
  },
  "invitations.role": {
    route: "members.invitations.$invitationId.role",
    path: paths.invitationRole(invitationId),
    method: "POST",
    permission: "invite:members",
  },

  "requests.list": { route: "members.requests", path: paths.requests, method: "GET", permission: "invite:members" },
  "requests.dismiss": { route: "members.requests", path: paths.requests, method: "POST", permission: "invite:members" },

  "audit.list": { route: "audit._index", path: paths.audit, method: "GET", permission: "read:audit-log" },
  "audit.csv": { route: "audit.csv", path: paths.auditCsv, method: "GET", permission: "read:audit-log" },
  "audit.json": { route: "audit.json", path: paths.auditJson, method: "GET", permission: "read:audit-log" },
  "billing.show": { route: "billing._index", path: paths.billing, method: "GET", permission: "read:billing" },
  "billing.plan.choose": { route: "billing.plan", path: paths.plan(), method: "GET", permission: "manage:billing" },
  "billing.plan": { route: "billing.plan", path: paths.plan(), method: "POST", permission: "manage:billing" },
  "billing.details.edit": {
    route: "billing.details",
    path: paths.billingDetails,
    method: "GET",
    permission: "manage:billing",
  },
  "billing.details": {
    route: "billing.details",
    path: paths.billingDetails,
    method: "POST",
    permission: "manage:billing",
  },
  "billing.invoices": {
    route: "billing.invoices._index",
    path: paths.invoices,
    method: "GET",
    permission: "read:billing",
  },
  "billing.invoices.csv": {
    route: "billing.invoices[.]csv",
    path: paths.invoicesCsv,
    method: "GET",
    permission: "read:billing",
  },
  "billing.invoice": {
    route: "billing.invoices.$invoiceId",
    path: paths.invoice(invoiceId),
    method: "GET",
    permission: "read:billing",
  },

  "settings.show": {
    route: "settings._index",
    path: paths.settings,
    method: "GET",
    permission: "manage:organization",
  },
  "settings.name": {
    route: "settings.name",
    path: paths.organizationName,
    method: "POST",
    permission: "manage:organization",
  },
  "settings.colour": {
    route: "settings.colour",
    path: paths.organizationColour,
    method: "POST",
    permission: "manage:organization",
  },
  "settings.invitations": {
    route: "settings.invitations",
    path: paths.invitationDefaults,
    method: "POST",
    permission: "manage:organization",
  },
  "settings.domains": {
    route: "settings.domains",
    path: paths.invitationDomains,
    method: "POST",
    permission: "manage:organization",
  },
  "settings.delete.confirm": {
    route: "settings.delete",
    path: paths.deleteOrganization,
    method: "GET",
    permission: "manage:organization",
  },
  "settings.delete": {
    route: "settings.delete",
    path: paths.deleteOrganization,
    method: "POST",
    permission: "manage:organization",
  },
  "settings.delete.undo": {
    route: "settings.delete_.undo",
    path: paths.undoDeletion,
    method: "POST",
    permission: "manage:organization",
  },
  "settings.export": { route: "settings.export", path: paths.exports, method: "GET", permission: "export:data" },
  "settings.export.ask": { route: "settings.export", path: paths.exports, method: "POST", permission: "export:data" },
  // The answer takes longer than Remix holds one back, so it has an endpoint of its own.
  "settings.export.download": {
    route: "server",
    path: paths.downloadExport(exportId),
    method: "GET",
    permission: "export:data",
  },

  "join.show": { route: "join.$token", path: paths.join(token), method: "GET", permission: "anyone" },
  "join.accept": { route: "join.$token", path: paths.join(token), method: "POST", permission: "anyone" },
  "join.decline": {
    route: "join.$token_.decline",
    path: paths.declineInvitation(token),
    method: "POST",
    permission: "anyone",
  },
  "join.ask": { route: "join.$token_.ask", path: paths.askForInvitation(token), method: "POST", permission: "anyone" },
  "waiting.accept": { route: "organizations.join", path: paths.joinWaiting, method: "POST", permission: "signed-in" },
  "waiting.decline": {
    route: "organizations.decline",
    path: paths.declineWaiting,
    method: "POST",
    permission: "signed-in",
  },

  "account.show": { route: "account._index", path: paths.account, method: "GET", permission: "signed-in" },
  "account.theme": { route: "account.theme", path: paths.theme, method: "POST", permission: "signed-in" },
  "account.sessions.end": {
    route: "account.sessions.end",
    path: paths.endSession,
    method: "POST",
    permission: "signed-in",
  },
  "account.sessions.end-others": {
    route: "account.sessions.end-others",
    path: paths.endOtherSessions,
    method: "POST",
    permission: "signed-in",
  },
  "account.delete.confirm": {
    route: "account.delete",
    path: paths.deleteAccount,
    method: "GET",
    permission: "signed-in",
  },
  "account.delete": { route: "account.delete", path: paths.deleteAccount, method: "POST", permission: "signed-in" },

  "events.listen": { route: "server", path: paths.events, method: "GET", permission: "read:posts" },
  "events.confirm": { route: "server", path: paths.confirmEvent, method: "POST", permission: "read:posts" },

  health: { route: "server", path: paths.health, method: "GET", permission: "anyone" },
  ready: { route: "server", path: paths.ready, method: "GET", permission: "anyone" },
  "webhooks.logto": { route: "server", path: paths.logtoWebhook, method: "POST", permission: "anyone" },
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof policy;

type Requiring<R extends Requirement> = {
  [Name in OperationName]: (typeof policy)[Name]["permission"] extends R ? Name : never;
}[OperationName];

export type PublicOperation = Requiring<"anyone">;
export type PersonOperation = Requiring<"signed-in">;
export type MemberOperation = Requiring<Permission>;
