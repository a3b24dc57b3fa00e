// All routes of the Management API that the emulator has, and the description of them that Logto serves itself.
import type { Store } from "../database/store";
import type { Faults } from "../faults/faults";
import type { Mailer } from "../mail/mailer";
import type { Tokens } from "../oidc/tokens";
import type { Webhooks } from "../webhooks/webhooks";
import { type Route, ok, route } from "./api";
import { applicationRoutes } from "./applications";
import { hookRoutes } from "./hooks";
import { invitationRoutes } from "./invitations";
import { memberRoutes } from "./members";
import { oneTimeTokenRoutes } from "./one-time-tokens";
import { organizationRoutes } from "./organizations";
import { machineRoleRoutes, resourceRoutes } from "./roles";
import { connectorRoutes, emailTemplateRoutes, signInExperienceRoutes } from "./settings";
import { roleRoutes, scopeRoutes } from "./template";
import { userRoutes } from "./users";

interface Parts {
  store: Store;
  mailer: Mailer;
  webhooks: Webhooks;
  faults: Faults;
  tokens: Tokens;
}

export function managementRoutes({ store, mailer, webhooks, faults, tokens }: Parts): Route[] {
  const routes = [
    ...organizationRoutes(store),
    ...memberRoutes(store),
    ...roleRoutes(store),
    ...scopeRoutes(store),
    ...invitationRoutes(store, mailer, faults),
    ...userRoutes(store, tokens),
    ...oneTimeTokenRoutes(store),
    ...applicationRoutes(store),
    ...machineRoleRoutes(store),
    ...resourceRoutes(store),
    ...hookRoutes(store, webhooks),
    ...signInExperienceRoutes(store),
    ...connectorRoutes(store, mailer),
    ...emailTemplateRoutes(store),
  ];
  return [...routes, route("get", "/swagger.json", { open: true }, () => ok(description(routes)))];
}

/** Paths and methods only; the schemas are in the real Logto's. */
function description(routes: readonly Route[]) {
  const paths: Record<string, Record<string, object>> = {};
  for (const { path, method } of routes) {
    const template = `/api${path.replace(/:(\w+)/g, "{$1}")}`;
    paths[template] = { ...paths[template], [method]: { responses: {} } };
  }
  return { openapi: "3.0.1", info: { title: "Logto API, as far as the emulator has it", version: "1.42.0" }, paths };
}
