// The permissions, which are Logto organization scopes, and what each means in words.

export const permissions = {
  "read:posts": "read posts and comments",
  "write:posts": "write posts and comments, and change or delete own ones",
  "delete:posts": "delete anyone's posts and comments",
  "read:members": "see who is in the organization",
  "invite:members": "invite people",
  "manage:members": "change roles and remove people",
  "read:billing": "see the plan and the invoices",
  "manage:billing": "change the plan and the billing details",
  "read:audit-log": "read the audit log",
  "manage:organization": "rename and delete the organization",
  "export:data": "export everything in the organization",
} as const;

export type Permission = keyof typeof permissions;

export const allPermissions = Object.keys(permissions) as Permission[];

/** The roles that provisioning makes. A customer may add others in Logto: code asks for permissions, never for these names. */
export const templateRoles: { name: string; description: string; permissions: Permission[] }[] = [
  {
    name: "Admin",
    description: "Looks after the organization: members, billing and settings",
    permissions: allPermissions,
  },
  {
    name: "Collaborator",
    description: "Works on posts and comments",
    permissions: ["read:posts", "write:posts", "read:members"],
  },
];
