// Signing in and registering: the steps that Logto's Experience API and the emulator's own pages both take.
import { z } from "zod";
import type { Store } from "../database/store";
import { joinJustInTime } from "../directory/organizations";
import { consumeOneTimeToken } from "../directory/one-time-tokens";
import { hashPassword, passwordFault, passwordMatches } from "../directory/passwords";
import {
  type StoredUser,
  findUser,
  findUserByEmail,
  findUserByUsername,
  insertUser,
  publicUser,
  updateUser,
} from "../directory/users";
import { LogtoError } from "../errors";
import { code as newCode, longId } from "../ids";
import type { Mailer } from "../mail/mailer";
import { invalid } from "../management/validation";
import { findApplication } from "../settings/applications";
import { readSignInExperience } from "../settings/sign-in-experience";
import type { WebhookEvent, Webhooks } from "../webhooks/webhooks";
import type { Interaction, InteractionEvent, Verification } from "./state";

export interface Identifier {
  type: "email" | "username" | "phone";
  value: string;
}

export interface Client {
  ip: string;
  userAgent: string | undefined;
}

export type Experience = ReturnType<typeof openExperience>;

const codeLifetime = 10 * 60 * 1000;
const codeTries = 10;

/** All steps change `interaction.state`; the caller saves it. */
export function openExperience(store: Store, mailer: Mailer, webhooks: Webhooks) {
  function add({ state }: Interaction, verification: Verification): string {
    const id = longId();
    state.verifications[id] = verification;
    return id;
  }
  const userOf = ({ type, value }: Identifier): StoredUser | undefined => {
    if (type === "email") return findUserByEmail(store, value);
    return type === "username" ? findUserByUsername(store, value) : undefined;
  };

  return {
    /** @throws LogtoError 422 `session.invalid_credentials`, the same for unknown people */
    async verifyPassword(interaction: Interaction, identifier: Identifier, password: string): Promise<string> {
      const user = userOf(identifier);
      const right = await passwordMatches(password, user?.password ?? null);
      if (!user || !right) throw new LogtoError(422, "session.invalid_credentials");
      return add(interaction, { type: "password", userId: user.id });
    },

    /** Sends a code by mail. @throws LogtoError as the mailer does */
    async sendCode(interaction: Interaction, email: string, event: InteractionEvent, { ip }: Client): Promise<string> {
      const address = z.email().safeParse(email);
      if (!address.success) throw invalid(address.error, email);
      const code = newCode();
      await mailer.send({ to: email, type: event, payload: { code }, ip });
      const expiresAt = Date.now() + codeLifetime;
      return add(interaction, { type: "code", email, code, event, tries: 0, expiresAt, verified: false });
    },

    /** @throws LogtoError 400 `verification_code.…`; a wrong try is counted, so save the state then, too */
    verifyCode({ state }: Interaction, id: string, email: string, code: string): void {
      const sent = state.verifications[id];
      if (sent?.type !== "code") throw new LogtoError(404, "session.verification_session_not_found");
      if (sent.email !== email || sent.tries >= codeTries)
        throw new LogtoError(400, "verification_code.exceed_max_try");
      if (sent.expiresAt <= Date.now()) throw new LogtoError(400, "verification_code.expired");
      if (sent.code !== code) {
        sent.tries += 1;
        throw new LogtoError(400, "verification_code.code_mismatch");
      }
      sent.verified = true;
    },

    /** Consumes the token, also when the sign-in is given up later. @throws LogtoError `one_time_token.…` */
    verifyOneTimeToken(interaction: Interaction, token: string, email: string): string {
      const { context } = consumeOneTimeToken(store, token, email);
      return add(interaction, { type: "one-time-token", email, organizationIds: context.jitOrganizationIds ?? [] });
    },

    async verifyNewPassword(interaction: Interaction, username: string, password: string): Promise<string> {
      refusePassword(password);
      if (findUserByUsername(store, username)) throw new LogtoError(422, "user.username_already_in_use");
      return add(interaction, { type: "new-password", username, hash: await hashPassword(password) });
    },

    async setProfilePassword({ state }: Interaction, password: string): Promise<void> {
      refusePassword(password);
      state.profile.password = await hashPassword(password);
    },

    /** Names the person of a sign-in, or makes the one of a registration. @throws LogtoError */
    async identify(interaction: Interaction, verificationId: string | undefined): Promise<void> {
      const { state } = interaction;
      const { signInMode } = readSignInExperience(store);
      const closed = state.event === "Register" ? signInMode === "SignIn" : signInMode === "Register";
      if (closed) throw new LogtoError(403, "auth.forbidden");
      const verification = verificationId === undefined ? undefined : state.verifications[verificationId];
      if (verificationId !== undefined && !verification) {
        throw new LogtoError(404, "session.verification_session_not_found");
      }
      if (verification?.type === "code" && !verification.verified)
        throw new LogtoError(400, "session.verification_failed");
      if (verification?.type === "one-time-token") state.organizationIds = verification.organizationIds;
      if (state.event === "Register") await register(store, interaction, verification);
      else signIn(store, interaction, verification);
    },

    /** Joins organizations just in time, writes the sign-in down, tells the webhooks. Answers the person's id. */
    complete({ uid, clientId, state }: Interaction, client: Client): string {
      const user = state.userId === undefined ? undefined : findUser(store, state.userId);
      if (!user || !state.event) throw new LogtoError(404, "session.identifier_not_found");
      const joined = joinOrganizations(store, user, state.organizationIds, state.registered === true);
      const signedIn = updateUser(store, user.id, { lastSignInAt: Date.now() }) ?? user;
      webhooks.ofCall(eventsOf(store, { uid, clientId, event: state.event }, signedIn, joined, client));
      return user.id;
    },

    /** What a live session's person gets from a one-time token: only the organizations. @throws LogtoError */
    joinByOneTimeToken({ uid, clientId }: Interaction, user: StoredUser, token: string, client: Client): void {
      const { context } = consumeOneTimeToken(store, token, user.primaryEmail ?? "");
      const joined = joinOrganizations(store, user, context.jitOrganizationIds ?? [], false);
      const events = eventsOf(store, { uid, clientId, event: "SignIn" }, user, joined, client);
      webhooks.ofCall(events.filter(({ event }) => event !== "PostSignIn"));
    },

    /** Signs in without any proof: the one-click buttons of the demo cast, which only an emulator can have. */
    identifyDemo({ state }: Interaction, userId: string): void {
      const user = findUser(store, userId);
      if (user?.customData.demo !== true) throw new LogtoError(422, "session.invalid_credentials");
      Object.assign(state, { event: "SignIn", userId: active(user).id });
    },
  };
}

function refusePassword(password: string) {
  const fault = passwordFault(password);
  if (fault) throw new LogtoError(422, "password.rejected", { message: fault });
}

function active(user: StoredUser): StoredUser {
  if (user.isSuspended) throw new LogtoError(401, "user.suspended");
  return user;
}

function signIn(store: Store, { state }: Interaction, verification: Verification | undefined) {
  if (!verification) throw new LogtoError(404, "session.verification_session_not_found");
  if (verification.type === "new-password") throw new LogtoError(400, "session.verification_failed");
  const user =
    verification.type === "password"
      ? findUser(store, verification.userId)
      : findUserByEmail(store, verification.email);
  if (!user) throw new LogtoError(404, "user.user_not_exist");
  state.userId = active(user).id;
}

async function register(store: Store, { state }: Interaction, verification: Verification | undefined) {
  if (verification?.type === "code" || verification?.type === "one-time-token") {
    if (findUserByEmail(store, verification.email)) throw new LogtoError(422, "user.email_already_in_use");
    state.profile.email = verification.email;
  }
  if (verification?.type === "new-password") {
    Object.assign(state.profile, { username: verification.username, password: verification.hash });
  }
  const { email, username, name, password } = state.profile;
  const { signUp } = readSignInExperience(store);
  const missing = [
    ...(signUp.identifiers.includes("email") && !email ? ["email"] : []),
    ...(signUp.identifiers.includes("username") && !username ? ["username"] : []),
    ...(signUp.password && !password ? ["password"] : []),
  ];
  if (missing.length > 0) throw new LogtoError(422, "user.missing_profile", { data: { missingProfile: missing } });
  if (!email && !username) throw new LogtoError(404, "session.identifier_not_found");
  const input = { primaryEmail: email ?? null, username: username ?? null, name: name ?? null };
  const user = insertUser(store, input, password ?? null);
  Object.assign(state, { userId: user.id, registered: true, profile: {} });
}

/** By one-time token for everybody, by e-mail domain for those who register; answers the organizations joined. */
function joinOrganizations(store: Store, user: StoredUser, byToken: readonly string[], registered: boolean): string[] {
  const domain = user.primaryEmail?.split("@")[1] ?? "";
  const byDomain = registered
    ? store.column<string>("select organization_id from organization_email_domains where email_domain = ?", domain)
    : [];
  const known = (id: string) => store.value("select 1 from organizations where id = ?", id) !== undefined;
  return [...new Set([...byToken, ...byDomain])].filter((id) => known(id) && joinJustInTime(store, id, user.id));
}

function eventsOf(
  store: Store,
  { uid, clientId, event }: { uid: string; clientId: string; event: InteractionEvent },
  user: StoredUser,
  joined: readonly string[],
  client: Client,
): WebhookEvent[] {
  const { id, type, name, description } = findApplication(store, clientId) ?? {
    id: clientId,
    type: null,
    name: null,
    description: null,
  };
  const application = { id, type, name, description };
  const context = {
    interactionEvent: event,
    applicationId: clientId,
    sessionId: uid,
    userAgent: client.userAgent,
    application,
  };
  const data = publicUser(user);
  return [
    {
      event: event === "Register" ? "PostRegister" : "PostSignIn",
      more: { ...context, userId: user.id, userIp: client.ip, user: data },
    },
    ...(event === "Register" ? [{ event: "User.Created", more: { ...context, ip: client.ip, data } }] : []),
    ...joined.map((organizationId) => ({
      event: "Organization.Membership.Updated",
      more: { ...context, ip: client.ip, organizationId, addedUserIds: [user.id] },
    })),
    ...(event === "SignIn" && joined.length > 0
      ? [{ event: "User.Data.Updated", more: { ...context, ip: client.ip, data } }]
      : []),
  ];
}
