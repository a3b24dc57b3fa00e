// Logto's Experience API: the calls that its sign-in page makes, with the cookies of the authorization request.
import express, { type Request, type Response, type Router } from "express";
import { z } from "zod";
import { LogtoError } from "../errors";
import { parse } from "../management/validation";
import type { Experience } from "./experience";
import type { Interaction, Interactions } from "./state";

const InteractionEvent = z.enum(["SignIn", "Register", "ForgotPassword"]);
const Identifier = z.object({ type: z.enum(["email", "username", "phone"]), value: z.string().min(1) });
const EmailIdentifier = z.object({ type: z.literal("email"), value: z.email() });
const Event = z.object({ interactionEvent: InteractionEvent });
const Password = z.object({ identifier: Identifier, password: z.string().min(1) });
const Code = z.object({ identifier: EmailIdentifier, interactionEvent: InteractionEvent });
const CodeEntered = z.object({ identifier: EmailIdentifier, verificationId: z.string(), code: z.string() });
const OneTimeToken = z.object({ identifier: EmailIdentifier, token: z.string().min(1) });
const NewPassword = z.object({
  identifier: z.object({ type: z.literal("username"), value: z.string().min(1) }),
  password: z.string().min(1),
});
const Identification = z.object({ verificationId: z.string().optional() });
const Profile = z.union([
  z.object({ type: z.literal("password"), value: z.string().min(1) }),
  z.object({ type: z.literal("extraProfile"), values: z.object({ name: z.string().max(128).optional() }) }),
]);

type Step = (interaction: Interaction, body: unknown, request: Request, response: Response) => Promise<unknown>;

export const clientOf = (request: Request) => ({ ip: request.ip ?? "", userAgent: request.headers["user-agent"] });

export function experienceApi(interactions: Interactions, experience: Experience): Router {
  const router = express.Router();
  router.use(express.json({ limit: "100kb" }));

  /** An undefined answer is 204. What the step has reached is kept even when it refuses. */
  function on(method: "post" | "put", path: string, step: Step) {
    router[method](path, (request, response, next) => {
      run(step, request, response).catch(next);
    });
  }
  async function run(step: Step, request: Request, response: Response) {
    const interaction = await interactions.current(request, response);
    let answer: unknown;
    try {
      answer = await step(interaction, request.body, request, response);
    } catch (error) {
      interactions.save(interaction);
      throw error;
    }
    if (answer === undefined) response.status(204).end();
    else response.json(answer);
  }
  const begun = ({ state }: Interaction) => {
    if (!state.event) throw new LogtoError(404, "session.interaction_not_found");
  };
  /** A step that needs `PUT /` before it and leaves its traces in the state. */
  const saved =
    (step: Step): Step =>
    async (interaction, body, request, response) => {
      begun(interaction);
      const answer = await step(interaction, body, request, response);
      interactions.save(interaction);
      return answer;
    };

  on("put", "/", async (interaction, body) => {
    const { interactionEvent } = parse(Event, body);
    interaction.state = { event: interactionEvent, verifications: {}, profile: {}, organizationIds: [] };
    interactions.save(interaction);
  });
  on(
    "put",
    "/interaction-event",
    saved(async ({ state }, body) => {
      state.event = parse(Event, body).interactionEvent;
    }),
  );
  on(
    "post",
    "/verification/password",
    saved(async (interaction, body) => {
      const { identifier, password } = parse(Password, body);
      return { verificationId: await experience.verifyPassword(interaction, identifier, password) };
    }),
  );
  on(
    "post",
    "/verification/verification-code",
    saved(async (interaction, body, request) => {
      const { identifier, interactionEvent } = parse(Code, body);
      const verificationId = await experience.sendCode(
        interaction,
        identifier.value,
        interactionEvent,
        clientOf(request),
      );
      return { verificationId };
    }),
  );
  on(
    "post",
    "/verification/verification-code/verify",
    saved(async (interaction, body) => {
      const { identifier, verificationId, code } = parse(CodeEntered, body);
      experience.verifyCode(interaction, verificationId, identifier.value, code);
      return { verificationId };
    }),
  );
  on(
    "post",
    "/verification/one-time-token/verify",
    saved(async (interaction, body) => {
      const { identifier, token } = parse(OneTimeToken, body);
      return { verificationId: experience.verifyOneTimeToken(interaction, token, identifier.value) };
    }),
  );
  on(
    "post",
    "/verification/new-password-identity",
    saved(async (interaction, body) => {
      const { identifier, password } = parse(NewPassword, body);
      return { verificationId: await experience.verifyNewPassword(interaction, identifier.value, password) };
    }),
  );
  on(
    "post",
    "/identification",
    saved(async (interaction, body) => {
      await experience.identify(interaction, parse(Identification, body ?? {}).verificationId);
    }),
  );
  on(
    "post",
    "/profile",
    saved(async (interaction, body) => {
      const profile = parse(Profile, body);
      if (profile.type === "password") await experience.setProfilePassword(interaction, profile.value);
      else Object.assign(interaction.state.profile, profile.values);
    }),
  );
  on("post", "/submit", async (interaction, _body, request, response) => {
    begun(interaction);
    const accountId = experience.complete(interaction, clientOf(request));
    return { redirectTo: await interactions.finish(request, response, interaction, accountId) };
  });
  return router;
}
