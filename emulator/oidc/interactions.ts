// Where the browser goes when the authorization request needs a person: Logto's page paths and their parameters.
import type { Configuration } from "oidc-provider";

type InteractionUrl = NonNullable<NonNullable<Configuration["interactions"]>["url"]>;

const passedOn = ["organization_id", "login_hint", "identifier", "ui_locales", "one_time_token"];

const firstScreens: Record<string, string> = {
  register: "/register",
  "identifier:register": "/identifier-register",
  "identifier:sign_in": "/identifier-sign-in",
  reset_password: "/reset-password",
};

export const interactionUrl: InteractionUrl = (_ctx, { prompt, params }) => {
  const query = new URLSearchParams({ app_id: String(params.client_id) });
  if (prompt.name === "consent") return `/consent?${query}`;
  for (const name of passedOn) if (typeof params[name] === "string") query.set(name, params[name]);
  const path = params.one_time_token ? "/one-time-token" : firstScreens[String(params.first_screen)];
  return `${path ?? "/sign-in"}?${query}`;
};
