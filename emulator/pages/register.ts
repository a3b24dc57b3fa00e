// Registration in three steps: the address, the code that proves it, then name and password.
import express, { type Router } from "express";
import { clientOf } from "../experience/api";
import { readSignInExperience } from "../settings/sign-in-experience";
import { codeForm, emailOf, proof, sentCode } from "./codes";
import { type Fault, field } from "./forms";
import { type Html, html } from "./html";
import { type PageParts, type Visit, applicationName, attempt, goOn, loginHint, showPage, visited } from "./visit";

export function registerPages(parts: PageParts): Router {
  const { store, interactions, experience } = parts;
  const router = express.Router();
  const closed = () => readSignInExperience(store).signInMode === "SignIn";

  function page(visit: Visit, title: string, form: Html, fault?: Fault) {
    const body = html`<p class="quiet">for ${applicationName(store, visit)}</p>
      ${form}
      <p>Have an account? <a href="/sign-in">Sign in</a></p>`;
    showPage(visit, { title, fault, body });
  }
  function firstStep(visit: Visit, typed: string, fault?: Fault) {
    if (closed()) {
      const body = html`<p>Ask the operator to open it, or <a href="/sign-in">sign in</a>.</p>`;
      return showPage(visit, { title: "Registration is closed", status: 403, body });
    }
    const byEmail = readSignInExperience(store).signUp.identifiers.includes("email");
    page(visit, "Create an account", byEmail ? addressForm(typed) : usernameForm(typed), fault);
  }
  function secondStep(visit: Visit, email: string, typed = "", fault?: Fault) {
    const again = html`<input type="hidden" name="email" value="${email}" />`;
    page(
      visit,
      "Enter the code",
      codeForm({ email, action: "/register/code", again, againAt: "/register", typed }),
      fault,
    );
  }
  function thirdStep(visit: Visit, email: string, typed = "", fault?: Fault) {
    const { password } = readSignInExperience(store).signUp;
    page(visit, "Create an account", profileForm(email, typed, password), fault);
  }

  router.get(
    ["/register", "/identifier-register"],
    visited(parts, (visit) => firstStep(visit, loginHint(visit))),
  );

  router.post(
    "/register",
    visited(parts, async (visit) => {
      const { interaction, request, response } = visit;
      const [email, username] = [field(request, "email").trim(), field(request, "username").trim()];
      if (closed()) return firstStep(visit, email);
      interaction.state = { event: "Register", verifications: {}, profile: {}, organizationIds: [] };
      const fault = await attempt(async () => {
        if (!username) return void (await experience.sendCode(interaction, email, "Register", clientOf(request)));
        const id = await experience.verifyNewPassword(interaction, username, field(request, "password"));
        await experience.identify(interaction, id);
      });
      if (fault) return firstStep(visit, email || username, fault);
      if (username) return goOn(parts, visit);
      interactions.save(interaction);
      response.redirect(303, "/register/code");
    }),
  );

  router.get(
    "/register/code",
    visited(parts, (visit) => {
      const email = emailOf(sentCode(visit.interaction));
      if (email === undefined) return visit.response.redirect(303, "/register");
      secondStep(visit, email);
    }),
  );

  router.post(
    "/register/code",
    visited(parts, async (visit) => {
      const { interaction, request, response } = visit;
      const [id, email] = [sentCode(interaction)?.[0], emailOf(sentCode(interaction))];
      if (id === undefined || email === undefined) return response.redirect(303, "/register");
      const typed = field(request, "code").trim();
      const fault = await attempt(() => experience.verifyCode(interaction, id, email, typed));
      interactions.save(interaction);
      if (fault) return secondStep(visit, email, typed, fault);
      response.redirect(303, "/register/profile");
    }),
  );

  router.get(
    "/register/profile",
    visited(parts, (visit) => {
      const email = emailOf(proof(visit.interaction));
      if (email === undefined) return visit.response.redirect(303, "/register");
      thirdStep(visit, email);
    }),
  );

  router.post(
    "/register/profile",
    visited(parts, async (visit) => {
      const { interaction, request, response } = visit;
      const [id, email] = [proof(interaction)?.[0], emailOf(proof(interaction))];
      if (id === undefined || email === undefined) return response.redirect(303, "/register");
      const name = field(request, "name").trim().slice(0, 128);
      const fault = await attempt(async () => {
        interaction.state.profile.name = name;
        if (readSignInExperience(store).signUp.password) {
          await experience.setProfilePassword(interaction, field(request, "password"));
        }
        await experience.identify(interaction, id);
      });
      if (fault) return thirdStep(visit, email, name, fault);
      await goOn(parts, visit);
    }),
  );
  return router;
}

const addressForm = (typed: string) =>
  html`<form method="post" action="/register">
    <label for="email">E-mail address</label>
    <input id="email" name="email" type="email" value="${typed}" autocomplete="email" required />
    <p class="hint">
      We send a code to it. Mail of the emulator lands in its <a href="/emulator/outbox" target="_blank">outbox</a>.
    </p>
    <button>Send the code</button>
  </form>`;

const passwordField = html`<label for="password">Password</label>
  <input
    id="password"
    name="password"
    type="password"
    autocomplete="new-password"
    minlength="8"
    required
    aria-describedby="rule"
  />
  <p class="hint" id="rule">At least 8 characters.</p>`;

const profileForm = (email: string, typed: string, password: boolean) =>
  html`<form method="post" action="/register/profile">
    <p><strong>${email}</strong> is yours.</p>
    <label for="name">Name</label>
    <input id="name" name="name" value="${typed}" autocomplete="name" maxlength="128" required />
    ${password && passwordField}
    <button>Create the account</button>
  </form>`;

const usernameForm = (typed: string) =>
  html`<form method="post" action="/register">
    <label for="username">User name</label>
    <input
      id="username"
      name="username"
      value="${typed}"
      autocomplete="username"
      autocapitalize="none"
      pattern="[A-Za-z_][A-Za-z0-9_]*"
      required
    />
    ${passwordField}
    <button>Create the account</button>
  </form>`;
