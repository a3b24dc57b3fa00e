// What stands between sign-in and application: consent (given at once), magic links, and another person's live session.
import express, { type Request, type Response, type Router } from "express";
import type Provider from "oidc-provider";
import { findUser, findUserByEmail } from "../directory/users";
import { LogtoError } from "../errors";
import { clientOf } from "../experience/api";
import type { Interaction } from "../experience/state";
import { alert, field, sentence, show } from "./forms";
import { html } from "./html";
import { type PageParts, applicationName, formTargets, goOn, handler } from "./sign-in";

interface Missing {
  missingOIDCScope?: string[];
  missingResourceScopes?: Record<string, string[]>;
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);
const magicLink = ({ params }: Interaction) => {
  const [token, email] = [text(params.one_time_token), text(params.login_hint)];
  return token !== undefined && email !== undefined ? { token, email } : undefined;
};

export function consentPages(provider: Provider, parts: PageParts): Router {
  const { store, interactions, experience } = parts;
  const router = express.Router();

  // First-party applications are consented to without a page.
  router.get(
    "/consent",
    handler(async (request, response) => {
      const interaction = await interactions.current(request, response);
      const user = interaction.accountId === undefined ? undefined : findUser(store, interaction.accountId);
      const link = magicLink(interaction);
      if (link && user && !interaction.signedInNow) {
        if (user.primaryEmail !== link.email) {
          const query = new URLSearchParams({ app_id: interaction.clientId, login_hint: link.email });
          return response.redirect(303, `/switch-account?${query}`);
        }
        experience.joinByOneTimeToken(interaction, user, link.token, clientOf(request));
      }
      await consent(provider, request, response);
    }),
  );

  router.get(
    "/one-time-token",
    handler(async (request, response) => {
      const interaction = await interactions.current(request, response);
      const link = magicLink(interaction);
      if (!link) return response.redirect(303, "/sign-in");
      const event = findUserByEmail(store, link.email) ? "SignIn" : "Register";
      try {
        interaction.state = { event, verifications: {}, profile: {}, organizationIds: [] };
        const id = experience.verifyOneTimeToken(interaction, link.token, link.email);
        interactions.save(interaction);
        if (event === "Register") return response.redirect(303, "/register/profile");
        await experience.identify(interaction, id);
      } catch (error) {
        const { status, text: fault } = sentence(error);
        const body = html`<h1>This link cannot be used</h1>
          ${alert(fault)}
          <p>Ask for a new link, or <a href="/sign-in">sign in with your password</a>.</p>`;
        return show(response, {
          title: "This link cannot be used",
          body,
          status,
          formTargets: formTargets(interaction),
        });
      }
      await goOn(parts, interaction, request, response);
    }),
  );

  router.get(
    "/switch-account",
    handler(async (request, response) => {
      const interaction = await interactions.current(request, response);
      const user = findUser(store, interaction.accountId ?? "");
      const link = magicLink(interaction);
      if (!user || !link) throw new LogtoError(400, "session.not_found");
      const body = html`<h1>Which account?</h1>
        <p>
          You are signed in as <strong>${user.primaryEmail ?? user.name}</strong>. This link to
          ${applicationName(store, interaction)} is for <strong>${link.email}</strong>.
        </p>
        <form method="post" action="/switch-account">
          <button name="choice" value="switch">Continue as ${link.email}</button>
        </form>
        <form method="post" action="/switch-account">
          <button class="plain" name="choice" value="stay">Stay ${user.primaryEmail ?? user.name}</button>
        </form>`;
      show(response, { title: "Which account?", body, formTargets: formTargets(interaction) });
    }),
  );

  router.post(
    "/switch-account",
    handler(async (request, response) => {
      await interactions.current(request, response);
      if (field(request, "choice") === "switch") return response.redirect(303, "/one-time-token");
      await consent(provider, request, response);
    }),
  );
  return router;
}

/** Grants what is missing and sends the browser on. */
async function consent(provider: Provider, request: Request, response: Response): Promise<void> {
  const { grantId, prompt, session, params } = await provider.interactionDetails(request, response);
  const found = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = found ?? new provider.Grant({ accountId: session?.accountId, clientId: String(params.client_id) });
  const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details as Missing;
  if (missingOIDCScope.length > 0) grant.addOIDCScope(missingOIDCScope);
  for (const [resource, scopes] of Object.entries(missingResourceScopes)) grant.addResourceScope(resource, scopes);
  const result = { consent: { grantId: await grant.save() } };
  response.redirect(302, await provider.interactionResult(request, response, result));
}
