// Names that Logto adds to OpenID Connect.

export const organizationsScope = "urn:logto:scope:organizations";
export const organizationRolesScope = "urn:logto:scope:organization_roles";
export const organizationsResource = "urn:logto:resource:organizations";

/** The audience of an organization's tokens; the only place where they name the organization. */
export const organizationAudience = (organizationId: string) => `urn:logto:organization:${organizationId}`;
