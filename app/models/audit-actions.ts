// What the audit log tells of: every action, result and reason, with the words that people read.

export const auditActions = {
  "posts.create": "Wrote a post",
  "posts.update": "Changed a post",
  "posts.publish": "Published a post",
  "posts.archive": "Archived a post",
  "posts.delete": "Deleted a post",
  "comments.create": "Wrote a comment",
  "comments.update": "Changed a comment",
  "comments.delete": "Deleted a comment",
  "members.role": "Changed a role",
  "members.remove": "Removed a member",
  "members.leave": "Left the organization",
  "account.left": "Left the organization by deleting their account",
  "invitations.send": "Invited somebody",
  "invitations.resend": "Sent an invitation again",
  "invitations.renew": "Made a new link for an invitation",
  "invitations.role": "Changed the role of an invitation",
  "invitations.revoke": "Revoked an invitation",
  "join.accept": "Joined by an invitation",
  "join.decline": "Declined an invitation",
  "join.ask": "Asked for an invitation",
  "requests.dismiss": "Put away a request",
  "billing.plan": "Chose a plan",
  "billing.details": "Changed the billing details",
  "billing.invoice": "Made an invoice",
  "billing.invoice.paid": "Noted that an invoice is paid",
  "billing.invoice.void": "Declared an invoice void",
  "settings.name": "Renamed the organization",
  "settings.colour": "Changed the colour",
  "settings.invitations": "Changed what new invitations begin with",
  "settings.domains": "Changed whose addresses may be invited",
  "settings.delete": "Asked for the deletion of the organization",
  "settings.delete.undo": "Undid the deletion of the organization",
  "settings.export.ask": "Asked for an export of everything",
  "settings.export.download": "Fetched an export of everything",
  "organizations.create": "Created the organization",
  "organizations.first": "Created the organization at the first sign-in",
} as const;

export type AuditAction = keyof typeof auditActions;

export const allAuditActions = Object.keys(auditActions) as AuditAction[];

export const isAuditAction = (name: string): name is AuditAction => Object.hasOwn(auditActions, name);

/** `asked`: Logto was asked to do it; what became of it is told by another line of the same change. */
export const auditResults = { done: "Done", asked: "Asked for", failed: "Failed", refused: "Refused" } as const;

export type AuditResult = keyof typeof auditResults;

export const allAuditResults = Object.keys(auditResults) as AuditResult[];

/** Why something was refused, or failed. */
export const auditReasons = {
  "missing-permission": "Lacked the permission",
  "not-yours": "It was somebody else's",
  closed: "It was closed to others",
  yourself: "Nobody changes themselves",
  "beyond-you": "It would have given more than they hold",
  "last-manager": "Nobody else manages the members",
  "no-longer-allowed": "Had lost the permission a moment before",
  "unknown-role": "There is no such role any more",
  missing: "It was not there any more",
  "already-member": "The address belongs to a member",
  "too-many": "Too many invitations were waiting",
  "no-seat": "All seats of the plan were used",
  "other-address": "The invitation was for another address",
  unverified: "Their address is not confirmed",
  unusable: "The invitation could not be used any more",
  again: "For the same reasons as before",
  "being-deleted": "The organization was waiting to be deleted",
  "domain-not-allowed": "Addresses of this domain may not be invited",
  "name-refused": "Logto did not take the name",
  "no-answer": "Logto gave no usable answer: it may have been done all the same",
} as const;

export type AuditReason = keyof typeof auditReasons;

export const isAuditReason = (name: string): name is AuditReason => Object.hasOwn(auditReasons, name);

export type AuditTargetType =
  "post" | "comment" | "member" | "invitation" | "request" | "organization" | "invoice" | "page";
