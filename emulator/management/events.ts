// Which Management API call fires which webhook event, and what the event tells of the call.
import type { WebhookEvent } from "../webhooks/webhooks";
import type { Answer, Call, Route } from "./api";

const eventOfRoute: Record<string, string> = {
  "post /organizations": "Organization.Created",
  "patch /organizations/:id": "Organization.Data.Updated",
  "delete /organizations/:id": "Organization.Deleted",
  "post /organization-roles": "OrganizationRole.Created",
  "patch /organization-roles/:id": "OrganizationRole.Data.Updated",
  "delete /organization-roles/:id": "OrganizationRole.Deleted",
  "post /organization-roles/:id/scopes": "OrganizationRole.Scopes.Updated",
  "put /organization-roles/:id/scopes": "OrganizationRole.Scopes.Updated",
  "delete /organization-roles/:id/scopes/:organizationScopeId": "OrganizationRole.Scopes.Updated",
  "post /organization-scopes": "OrganizationScope.Created",
  "patch /organization-scopes/:id": "OrganizationScope.Data.Updated",
  "delete /organization-scopes/:id": "OrganizationScope.Deleted",
  "post /users": "User.Created",
  "patch /users/:userId": "User.Data.Updated",
  "patch /users/:userId/custom-data": "User.Data.Updated",
  "patch /users/:userId/profile": "User.Data.Updated",
  "patch /users/:userId/password": "User.Data.Updated",
  "patch /users/:userId/is-suspended": "User.SuspensionStatus.Updated",
  "delete /users/:userId": "User.Deleted",
};

export function managementEvents(
  route: Route,
  call: Call<unknown>,
  answer: Answer,
  path: string,
  extra: readonly { event: string; more: Record<string, unknown> }[],
): WebhookEvent[] {
  const context = {
    userAgent: call.userAgent,
    ip: call.ip,
    path,
    method: route.method.toUpperCase(),
    status: answer.status,
    params: call.params,
    matchedRoute: route.path,
  };
  const own = eventOfRoute[`${route.method} ${route.path}`];
  const data = answer.event ?? (answer.status === 204 || typeof answer.body === "string" ? undefined : answer.body);
  return [
    ...(own ? [{ event: own, more: { ...context, ...(data === undefined ? {} : { data }) } }] : []),
    ...extra.map(({ event, more }) => ({ event, more: { ...context, ...more } })),
  ];
}
