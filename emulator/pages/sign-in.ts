// The sign-in page: e-mail or user name with password, and one click for the demo cast.
import express, { type Request, type Response, type Router } from "express";
import type { Store } from "../database/store";
import { userTable } from "../directory/users";
import { clientOf } from "../experience/api";
import type { Experience } from "../experience/experience";
import type { Interaction, Interactions } from "../experience/state";
import { findApplication } from "../settings/applications";
import { readSignInExperience } from "../settings/sign-in-experience";
import { alert, field, sentence, show } from "./forms";
import { type Html, html } from "./html";

export interface PageParts {
  store: Store;
  interactions: Interactions;
  experience: Experience;
}

/** An async Express handler whose errors reach the error handler. */
export const handler =
  (run: (request: Request, response: Response) => Promise<void>): express.RequestHandler =>
  (request, response, next) =>
    void run(request, response).catch(next);

/** Where the forms of a sign-in end: at the application that asked. */
export const formTargets = ({ params }: Interaction): string[] =>
  typeof params.redirect_uri === "string" ? [new URL(params.redirect_uri).origin] : [];

export const applicationName = (store: Store, { clientId }: Interaction) =>
  findApplication(store, clientId)?.name ?? clientId;

/** Signs the identified person in and sends the browser on. */
export async function goOn(
  { interactions, experience }: PageParts,
  interaction: Interaction,
  request: Request,
  response: Response,
) {
  const accountId = experience.complete(interaction, clientOf(request));
  response.redirect(303, await interactions.finish(request, response, interaction, accountId));
}

export function signInPages(parts: PageParts): Router {
  const { store, interactions, experience } = parts;
  const router = express.Router();

  router.get(
    ["/sign-in", "/identifier-sign-in"],
    handler(async (request, response) => {
      const interaction = await interactions.current(request, response);
      const hint = interaction.params.login_hint;
      showSignIn(store, response, interaction, { identifier: typeof hint === "string" ? hint : "" });
    }),
  );

  router.post(
    "/sign-in",
    handler(async (request, response) => {
      const interaction = await interactions.current(request, response);
      const [identifier, demo] = [field(request, "identifier").trim(), field(request, "demo")];
      try {
        interaction.state = { event: "SignIn", verifications: {}, profile: {}, organizationIds: [] };
        if (demo) experience.identifyDemo(interaction, demo);
        else {
          const type = identifier.includes("@") ? "email" : "username";
          const id = await experience.verifyPassword(
            interaction,
            { type, value: identifier },
            field(request, "password"),
          );
          await experience.identify(interaction, id);
        }
      } catch (error) {
        const { status, text } = sentence(error);
        return showSignIn(store, response, interaction, { identifier, status, fault: text });
      }
      await goOn(parts, interaction, request, response);
    }),
  );
  return router;
}

interface Typed {
  identifier: string;
  fault?: string;
  status?: number;
}

function showSignIn(
  store: Store,
  response: Response,
  interaction: Interaction,
  { identifier, fault, status = 200 }: Typed,
) {
  const { signIn, signInMode } = readSignInExperience(store);
  const withPassword = signIn.methods.filter(({ password }) => password).map((method) => method.identifier);
  const usernames = withPassword.includes("username");
  const body = html`<h1>Sign in</h1>
    <p class="quiet">to ${applicationName(store, interaction)}</p>
    ${alert(fault)}
    ${
      withPassword.length === 0
        ? html`<p>No way of signing in is switched on. Ask the operator.</p>`
        : html`<form method="post" action="/sign-in">
            <label for="identifier">${usernames ? "E-mail address or user name" : "E-mail address"}</label>
            <input
              id="identifier"
              name="identifier"
              type="${usernames ? "text" : "email"}"
              value="${identifier}"
              autocomplete="username"
              autocapitalize="none"
              required${fault ? html` aria-describedby="fault"` : ""}
            />
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" required />
            <button>Sign in</button>
          </form>`
    }
    ${
      signInMode === "SignIn"
        ? html`<p class="quiet">Registration is closed here.</p>`
        : html`<p>New here? <a href="/register">Create an account</a></p>`
    }
    ${demoCast(store)}`;
  show(response, { title: "Sign in", body, status, formTargets: formTargets(interaction) });
}

/** A button for everybody whose custom data says `{"demo": true}`. */
function demoCast(store: Store): Html {
  const sql = `select id, name, primary_email from users
    where json_extract(custom_data, '$.demo') = 1 and is_suspended = 0 order by created_at, rowid`;
  const cast = store.list<{ id: string; name: string | null; primaryEmail: string | null }>(userTable, sql);
  if (cast.length === 0) return html``;
  return html`<section class="demo" aria-labelledby="demo">
    <h2 id="demo">Demo cast</h2>
    <p class="quiet">One click, no password.</p>
    ${cast.map(
      ({ id, name, primaryEmail }) =>
        html`<form method="post" action="/sign-in">
          <input type="hidden" name="demo" value="${id}" />
          <button class="plain">Sign in as ${name ?? primaryEmail ?? id}</button>
        </form>`,
    )}
  </section>`;
}
