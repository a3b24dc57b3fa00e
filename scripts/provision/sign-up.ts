// The plan for sign-up: invitations are for an address, so nobody may get an account with an address that is not theirs.
import type { SignInExperience } from "./found";
import { change, ok, refuse, warn, type PlanFlags, type Step } from "./step";

/**
 * Whether sign-up proves addresses. Logto calls every primary address verified (`email_verified` is true for users that the API made, too), so
 * the sign-up rule is the only proof there is.
 * @see https://docs.logto.io/end-user-flows/sign-up-and-sign-in/sign-up
 */
export type SignUpVerdict = "ok" | "unverified" | "no-address" | "broken" | "unknown";

export function judgeSignUp(experience: SignInExperience, canMail: boolean): SignUpVerdict {
  const { signInMode, signUp, socialSignInConnectorTargets = [], singleSignOnEnabled } = experience;
  const external = socialSignInConnectorTargets.length > 0 || singleSignOnEnabled === true;
  if (signInMode === "SignIn") return external ? "unknown" : "ok";

  const proofs = [
    ...signUp.identifiers.map((identifier) => ({ identifier, verify: signUp.verify })),
    ...(signUp.secondaryIdentifiers ?? []),
  ].filter(({ identifier }) => /email/i.test(identifier));
  if (proofs.some(({ verify }) => verify !== true)) return "unverified";
  if (proofs.length > 0 && !canMail) return "broken";
  if (external) return "unknown";
  return proofs.length === 0 ? "no-address" : "ok";
}

const sentences: Record<Exclude<SignUpVerdict, "ok">, string> = {
  unverified:
    "UNVERIFIED: anybody can sign up with somebody else's address and take their invitations. Run again with --sign-in",
  broken: "BROKEN: sign-up mails a code, but there is no e-mail connector to mail it with",
  "no-address": "NO ADDRESS: accounts have no e-mail address, so no invitation can be accepted. --sign-in changes that",
  unknown: "UNKNOWN: social or single sign-on can make accounts too. Make sure that they prove the address",
};

export function planSignUp(experience: SignInExperience, canMail: boolean, { signIn }: PlanFlags): Step[] {
  const what = "sign-up";
  if (signIn && !canMail) return [refuse(what, "--sign-in needs an e-mail connector, which mails the codes")];
  const wanted = wantedExperience(experience);
  if (signIn && wanted) {
    return [change(what, "by e-mail address, proved by a code", (api) => api.write("PATCH", "/sign-in-exp", wanted))];
  }
  const verdict = judgeSignUp(experience, canMail);
  if (verdict === "ok") return [ok(what, experience.signInMode === "SignIn" ? "closed" : "proves e-mail addresses")];
  const say = verdict === "unverified" || verdict === "broken" ? refuse : warn;
  return [say(what, sentences[verdict])];
}

/** What --sign-in would write, or undefined if it is there already. Ways to sign in are added, never taken away. */
function wantedExperience({ signUp, signIn }: SignInExperience) {
  const { identifiers, password, verify, secondaryIdentifiers = [] } = signUp;
  const others = secondaryIdentifiers.filter(({ identifier }) => !/email/i.test(identifier));
  const secondaryProved = secondaryIdentifiers.every((one) => others.includes(one) || one.verify === true);
  const proved = identifiers.length === 1 && identifiers[0] === "email" && password && verify && secondaryProved;
  const canSignIn = signIn.methods.some(({ identifier }) => identifier === "email");
  if (proved && canSignIn) return undefined;

  const method = { identifier: "email", password: true, verificationCode: false, isPasswordPrimary: true };
  return {
    ...(!proved && {
      signUp: { identifiers: ["email"], password: true, verify: true, secondaryIdentifiers: others },
    }),
    ...(!canSignIn && { signIn: { methods: [...signIn.methods, method] } }),
  };
}
