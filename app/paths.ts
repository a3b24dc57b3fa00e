// Every URL of the app.

export const paths = {
  home: "/",
  signIn: (returnTo?: string) => (returnTo ? `/auth/sign-in?${new URLSearchParams({ returnTo })}` : "/auth/sign-in"),
  register: "/auth/sign-in?screen=register",
  /** Signs in as somebody else, though somebody is signed in. */
  switchAccount: (returnTo: string) => `/auth/sign-in?${new URLSearchParams({ screen: "switch", returnTo })}`,
  /** Asks Logto for permissions that the session has not been granted, and comes back. */
  consent: (returnTo?: string) => (returnTo ? `/auth/consent?${new URLSearchParams({ returnTo })}` : "/auth/consent"),
  callback: "/auth/callback",
  signOut: "/auth/sign-out",

  organizations: "/organizations",
  newOrganization: "/organizations/new",
  switchOrganization: "/organizations/switch",
  /** Remix sends a form to an index route only if the address says so. */
  firstOrganization: "/organizations?index",

  posts: "/posts",
  newPost: "/posts/new",
  post: (postId: string) => `/posts/${postId}`,
  editPost: (postId: string) => `/posts/${postId}/edit`,
  publishPost: (postId: string) => `/posts/${postId}/publish`,
  archivePost: (postId: string) => `/posts/${postId}/archive`,
  deletePost: (postId: string) => `/posts/${postId}/delete`,
  newComment: (postId: string) => `/posts/${postId}/comments`,
  comment: (postId: string, commentId: string) => `/posts/${postId}/comments/${commentId}`,
  deleteComment: (postId: string, commentId: string) => `/posts/${postId}/comments/${commentId}/delete`,

  members: "/members",
  /** With the id of a role: asks whether to give it. */
  memberRole: (memberId: string, roleId?: string) =>
    `/members/${memberId}/role${roleId ? `?${new URLSearchParams({ to: roleId })}` : ""}`,
  removeMember: (memberId: string) => `/members/${memberId}/remove`,
  leave: "/members/leave",

  invitations: "/members/invitations",
  invite: "/members/invite",
  inviteProgress: "/members/invite/progress",
  resendInvitations: "/members/invitations/resend",
  revokeInvitations: "/members/invitations/revoke",
  renewInvitation: (invitationId: string) => `/members/invitations/${invitationId}/link`,
  invitationRole: (invitationId: string) => `/members/invitations/${invitationId}/role`,

  requests: "/members/requests",

  audit: "/audit",
  auditCsv: "/audit/csv",
  auditJson: "/audit/json",
  billing: "/billing",
  /** With the name of a plan: what choosing it would mean. */
  plan: (name?: string) => `/billing/plan${name ? `?${new URLSearchParams({ to: name })}` : ""}`,
  billingDetails: "/billing/details",
  invoices: "/billing/invoices",
  invoicesCsv: "/billing/invoices.csv",
  invoice: (invoiceId: string) => `/billing/invoices/${invoiceId}`,
  settings: "/settings",
  organizationName: "/settings/name",
  organizationColour: "/settings/colour",
  invitationDefaults: "/settings/invitations",
  invitationDomains: "/settings/domains",
  deleteOrganization: "/settings/delete",
  undoDeletion: "/settings/delete/undo",
  exports: "/settings/export",
  downloadExport: (exportId: string) => `/settings/export/${exportId}`,

  /** What an invitation's link leads to. */
  join: (token: string) => `/join/${token}`,
  declineInvitation: (token: string) => `/join/${token}/decline`,
  askForInvitation: (token: string) => `/join/${token}/ask`,
  /** Invitations that wait for somebody who is signed in. */
  joinWaiting: "/organizations/join",
  declineWaiting: "/organizations/decline",

  account: "/account",
  theme: "/account/theme",
  endSession: "/account/sessions/end",
  endOtherSessions: "/account/sessions/end-others",
  deleteAccount: "/account/delete",

  /** The stream that tells an open page that there is something to read anew, and where a page says that it has. */
  events: "/events",
  confirmEvent: "/events/confirm",

  health: "/healthz",
  ready: "/readyz",
  logtoWebhook: "/webhooks/logto",
};

/** Whether a path is that of an invitation's link. */
export const isJoin = (path: string) => path.startsWith(paths.join(""));

/** In which a page names its organization when it asks for data, as a form does in its field. Compared, never selected by. */
export const organizationHeader = "X-Atrium-Organization";
export const organizationField = "_organization";
