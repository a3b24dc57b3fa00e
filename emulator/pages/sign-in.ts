// The sign-in page: password or a code by mail, and one click for the demo cast.
import express, { type Router } from "express";
import type { Store } from "../database/store";
import { userTable } from "../directory/users";
import { clientOf } from "../experience/api";
import { readSignInExperience } from "../settings/sign-in-experience";
import { codeForm, emailOf, sentCode } from "./codes";
import { type Fault, field } from "./forms";
import { type Html, html } from "./html";
import { type PageParts, type Visit, applicationName, attempt, goOn, loginHint, showPage, visited } from "./visit";

export function signInPages(parts: PageParts): Router {
  const { store, interactions, experience } = parts;
  const router = express.Router();

  function page(visit: Visit, identifier: string, fault?: Fault) {
    const body = html`<p class="quiet">to ${applicationName(store, visit)}</p>
      ${methods(store, identifier, fault !== undefined)} ${registration(store)} ${demoCast(store)}`;
    showPage(visit, { title: "Sign in", fault, body });
  }
  function codePage(visit: Visit, typed = "", fault?: Fault) {
    const email = emailOf(sentCode(visit.interaction)) ?? "";
    const body = html`${codeForm({ email, action: "/sign-in/code", again: html`<input type="hidden" name="identifier" value="${email}" /><input type="hidden" name="by" value="code" />`, againAt: "/sign-in", typed })}
      <p><a href="/sign-in">Sign in with your password</a></p>`;
    showPage(visit, { title: "Enter the code", fault, body });
  }

  router.get(
    ["/sign-in", "/identifier-sign-in"],
    visited(parts, (visit) => page(visit, loginHint(visit))),
  );

  router.post(
    "/sign-in",
    visited(parts, async (visit) => {
      const { interaction, request, response } = visit;
      const [identifier, byCode] = [field(request, "identifier").trim(), field(request, "by") === "code"];
      interaction.state = { event: "SignIn", verifications: {}, profile: {}, organizationIds: [] };
      const fault = await attempt(async () => {
        const demo = field(request, "demo");
        if (demo) return experience.identifyDemo(interaction, demo);
        if (byCode) return void (await experience.sendCode(interaction, identifier, "SignIn", clientOf(request)));
        const type = identifier.includes("@") ? "email" : "username";
        const id = await experience.verifyPassword(
          interaction,
          { type, value: identifier },
          field(request, "password"),
        );
        await experience.identify(interaction, id);
      });
      if (fault) return page(visit, identifier, fault);
      if (!byCode) return goOn(parts, visit);
      interactions.save(interaction);
      response.redirect(303, "/sign-in/code");
    }),
  );

  router.get(
    "/sign-in/code",
    visited(parts, (visit) =>
      sentCode(visit.interaction) ? codePage(visit) : visit.response.redirect(303, "/sign-in"),
    ),
  );

  router.post(
    "/sign-in/code",
    visited(parts, async (visit) => {
      const { interaction, request, response } = visit;
      const [id, email] = [sentCode(interaction)?.[0], emailOf(sentCode(interaction))];
      if (id === undefined || email === undefined) return response.redirect(303, "/sign-in");
      const typed = field(request, "code").trim();
      const fault = await attempt(async () => {
        experience.verifyCode(interaction, id, email, typed);
        await experience.identify(interaction, id);
      });
      interactions.save(interaction);
      if (fault) return codePage(visit, typed, fault);
      await goOn(parts, visit);
    }),
  );
  return router;
}

function methods(store: Store, identifier: string, failed: boolean): Html {
  const { signIn } = readSignInExperience(store);
  const withPassword = signIn.methods.filter(({ password }) => password).map((method) => method.identifier);
  const byCode = signIn.methods.some((method) => method.identifier === "email" && method.verificationCode);
  if (withPassword.length === 0 && !byCode) {
    return html`<p>No way of signing in is switched on. Ask the operator.</p>`;
  }
  const usernames = withPassword.includes("username");
  return html`<form method="post" action="/sign-in">
    <label for="identifier">${usernames ? "E-mail address or user name" : "E-mail address"}</label>
    <input
      id="identifier"
      name="identifier"
      type="${usernames ? "text" : "email"}"
      value="${identifier}"
      autocomplete="username"
      autocapitalize="none"
      required${failed ? html` aria-describedby="fault"` : ""}
    />
    ${
      withPassword.length > 0 &&
      html`<label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        <button>Sign in</button>`
    }
    ${byCode && html`<button class="plain" name="by" value="code" formnovalidate>Send me a code instead</button>`}
  </form>`;
}

const registration = (store: Store) =>
  readSignInExperience(store).signInMode === "SignIn"
    ? html`<p class="quiet">Registration is closed here.</p>`
    : html`<p>New here? <a href="/register">Create an account</a></p>`;

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
