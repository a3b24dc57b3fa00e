import { describe, expect, it } from "vitest";
import type { SignInExperience } from "./found";
import { judgeSignUp } from "./sign-up";

type SignUp = Partial<SignInExperience["signUp"]>;

function experience(signUp: SignUp, rest: Partial<SignInExperience> = {}): SignInExperience {
  return {
    signInMode: "SignInAndRegister",
    signIn: { methods: [] },
    signUp: { identifiers: ["email"], password: true, verify: true, ...signUp },
    languageInfo: { fallbackLanguage: "en" },
    ...rest,
  };
}

describe("Whoever signs up with an address", () => {
  it("has proved it when the rule asks for a code and a connector can mail it", () => {
    expect(judgeSignUp(experience({}), true)).toBe("ok");
    expect(
      judgeSignUp(
        experience({ identifiers: ["username"], secondaryIdentifiers: [{ identifier: "email", verify: true }] }),
        true,
      ),
    ).toBe("ok");
  });

  it.each<[string, SignUp]>([
    ["the rule asks for no code", { verify: false }],
    [
      "the address is a second one that asks for no code",
      { identifiers: ["username"], secondaryIdentifiers: [{ identifier: "email", verify: false }] },
    ],
    ["the second address does not say that it is proved", { secondaryIdentifiers: [{ identifier: "email" }] }],
    ["an address or a telephone number will do, unproved", { identifiers: ["emailOrPhone"], verify: false }],
  ])("may have taken somebody else's when %s", (_when, signUp) => {
    expect(judgeSignUp(experience(signUp), true)).toBe("unverified");
  });

  it("cannot be mailed a code without a connector", () => {
    expect(judgeSignUp(experience({}), false)).toBe("broken");
  });
});

describe("Nobody with an address", () => {
  it("comes by sign-up when it asks for a user name alone", () => {
    expect(judgeSignUp(experience({ identifiers: ["username"], verify: false }), true)).toBe("no-address");
  });

  it("comes when registration is closed", () => {
    expect(judgeSignUp(experience({ verify: false }, { signInMode: "SignIn" }), false)).toBe("ok");
  });
});

it("leaves open what social or single sign-on proves", () => {
  expect(judgeSignUp(experience({}, { socialSignInConnectorTargets: ["github"] }), true)).toBe("unknown");
  expect(judgeSignUp(experience({}, { singleSignOnEnabled: true }), true)).toBe("unknown");
  expect(judgeSignUp(experience({ verify: false }, { singleSignOnEnabled: true }), true)).toBe("unverified");
});
