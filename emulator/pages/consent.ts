// What stands between sign-in and application: consent (given at once), magic links, and another person's live session.
import express, { type Router } from "express";
import type { Provider } from "oidc-provider";
import { findUser, findUserByEmail } from "../directory/users";
import { LogtoError } from "../errors";
import { clientOf } from "../experience/api";
import { field } from "./forms";
import { html } from "./html";
import { type PageParts, type Visit, applicationName, attempt, goOn, showPage, visited } from "./visit";

interface Missing {
  missingOIDCScope?: string[];
  missingResourceScopes?: Record<string, string[]>;
}

/** The one-time token of the authorization request, and whose it is said to be. */
function magicLink({ interaction: { params } }: Visit) {
  const { one_time_token: token, login_hint: email } = params;
  return typeof token === "string" && typeof email === "string" ? { token, email } : undefined;
}

export function consentPages(provider: Provider, parts: PageParts): Router {
  const { store, interactions, experience } = parts;
  const router = express.Router();

  // First-party applications are consented to without a page.
  router.get(
    "/consent",
    visited(parts, async (visit) => {
      const { interaction, request, response } = visit;
      const user = interaction.accountId === undefined ? undefined : findUser(store, interaction.accountId);
      const link = magicLink(visit);
      if (link && user && !interaction.signedInNow) {
        if (user.primaryEmail !== link.email) {
          const query = new URLSearchParams({ app_id: interaction.clientId, login_hint: link.email });
          return response.redirect(303, `/switch-account?${query}`);
        }
        const fault = await attempt(() =>
          experience.joinByOneTimeToken(interaction, user, link.token, clientOf(request)),
        );
        if (fault) return unusable(visit, fault);
      }
      await consent(provider, visit);
    }),
  );

  router.get(
    "/one-time-token",
    visited(parts, async (visit) => {
      const { interaction, response } = visit;
      const link = magicLink(visit);
      if (!link) return response.redirect(303, "/sign-in");
      const event = findUserByEmail(store, link.email) ? "SignIn" : "Register";
      interaction.state = { event, verifications: {}, profile: {}, organizationIds: [] };
      const fault = await attempt(async () => {
        const id = experience.verifyOneTimeToken(interaction, link.token, link.email);
        if (event === "SignIn") await experience.identify(interaction, id);
      });
      if (fault) return unusable(visit, fault);
      if (event === "SignIn") return goOn(parts, visit);
      interactions.save(interaction);
      response.redirect(303, "/register/profile");
    }),
  );

  router.get(
    "/switch-account",
    visited(parts, (visit) => {
      const user = findUser(store, visit.interaction.accountId ?? "");
      const link = magicLink(visit);
      if (!user || !link) throw new LogtoError(400, "session.not_found");
      const body = html`<p>
          You are signed in as <strong>${user.primaryEmail ?? user.name}</strong>. This link to
          ${applicationName(store, visit)} is for <strong>${link.email}</strong>.
        </p>
        <form method="post" action="/switch-account">
          <button name="choice" value="switch">Continue as ${link.email}</button>
          <button class="plain" name="choice" value="stay">Stay ${user.primaryEmail ?? user.name}</button>
        </form>`;
      showPage(visit, { title: "Which account?", body });
    }),
  );

  router.post(
    "/switch-account",
    visited(parts, async (visit) => {
      if (field(visit.request, "choice") === "switch") return visit.response.redirect(303, "/one-time-token");
      await consent(provider, visit);
    }),
  );
  return router;
}

function unusable(visit: Visit, fault: { status: number; text: string }) {
  const body = html`<p>Ask for a new link, or <a href="/sign-in">sign in with your password</a>.</p>`;
  showPage(visit, { title: "This link cannot be used", fault, body });
}

/** Grants what is missing and sends the browser on. */
async function consent(provider: Provider, { request, response }: Visit): Promise<void> {
  const { grantId, prompt, session, params } = await provider.interactionDetails(request, response);
  const found = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = found ?? new provider.Grant({ accountId: session?.accountId, clientId: String(params.client_id) });
  const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details as Missing;
  if (missingOIDCScope.length > 0) grant.addOIDCScope(missingOIDCScope);
  for (const [resource, scopes] of Object.entries(missingResourceScopes)) grant.addResourceScope(resource, scopes);
  const result = { consent: { grantId: await grant.save() } };
  response.redirect(302, await provider.interactionResult(request, response, result));
}
