// How people may sign in and register: one record, as in Logto's console.
import { readSetting, writeSetting } from "../database/settings";
import type { Store } from "../database/store";
import { LogtoError } from "../errors";
import { findEmailConnector } from "./connectors";

export interface SignInMethod {
  identifier: "username" | "email" | "phone";
  password: boolean;
  verificationCode: boolean;
  isPasswordPrimary: boolean;
}

export interface SignUp {
  identifiers: string[];
  password: boolean;
  verify: boolean;
  secondaryIdentifiers?: { identifier: string | string[]; verify?: boolean | undefined }[] | undefined;
}

export interface SignInExperience {
  tenantId: "default";
  id: "default";
  signIn: { methods: SignInMethod[] };
  signUp: SignUp;
  signInMode: "SignIn" | "Register" | "SignInAndRegister";
  languageInfo: { autoDetect: boolean; fallbackLanguage: string };
  forgotPasswordMethods: string[] | null;
  [other: string]: unknown;
}

const key = "sign-in-experience";

const fresh: SignInExperience = {
  tenantId: "default",
  id: "default",
  color: { primaryColor: "#5D34F2", darkPrimaryColor: "#5D34F2", isDarkModeEnabled: false },
  branding: {},
  hideLogtoBranding: false,
  languageInfo: { autoDetect: true, fallbackLanguage: "en" },
  termsOfUseUrl: null,
  privacyPolicyUrl: null,
  agreeToTermsPolicy: "Automatic",
  signIn: { methods: [{ identifier: "email", password: true, verificationCode: true, isPasswordPrimary: true }] },
  signUp: { identifiers: ["email"], password: true, verify: true, secondaryIdentifiers: [] },
  socialSignIn: {},
  socialSignInConnectorTargets: [],
  signInMode: "SignInAndRegister",
  customCss: null,
  customContent: {},
  customUiAssets: null,
  passwordPolicy: {},
  mfa: { factors: [], policy: "UserControlled" },
  singleSignOnEnabled: false,
  supportEmail: null,
  supportWebsiteUrl: null,
  unknownSessionRedirectUrl: null,
  captchaPolicy: {},
  sentinelPolicy: {},
  emailBlocklistPolicy: {},
  forgotPasswordMethods: [],
  passkeySignIn: {},
};

export function readSignInExperience(store: Store): SignInExperience {
  const kept = readSetting(store, key);
  return kept === undefined ? fresh : { ...fresh, ...(JSON.parse(kept) as Partial<SignInExperience>) };
}

/** Replaces the given top-level keys. @throws LogtoError 400 for what Logto refuses, and then nothing is changed */
export function changeSignInExperience(store: Store, changes: Partial<SignInExperience>): SignInExperience {
  const known = Object.fromEntries(
    Object.entries(changes).filter(([name, value]) => name in fresh && value !== undefined),
  );
  if (Object.keys(known).length === 0) throw new LogtoError(422, "entity.invalid_input");
  if (changes.languageInfo) refuseLanguage(changes.languageInfo.fallbackLanguage);
  refuseSignUp(store, changes.signUp);
  refuseMethods(store, changes.signIn?.methods);
  if (changes.forgotPasswordMethods?.includes("EmailVerificationCode") && !findEmailConnector(store)) {
    throw new LogtoError(400, "sign_in_experiences.forgot_password_method_requires_connector");
  }
  const changed: SignInExperience = { ...readSignInExperience(store), ...known };
  writeSetting(store, key, JSON.stringify(changed));
  return changed;
}

function refuseSignUp(store: Store, signUp: SignUp | undefined) {
  if (!signUp) return;
  const secondary = signUp.secondaryIdentifiers ?? [];
  const unverified =
    (signUp.identifiers.includes("email") && !signUp.verify) ||
    secondary.some(({ identifier, verify }) => [identifier].flat().includes("email") && !verify);
  if (unverified) throw new LogtoError(400, "sign_in_experiences.passwordless_requires_verify");
  const byEmail = [...signUp.identifiers, ...secondary.flatMap(({ identifier }) => identifier)].includes("email");
  if (byEmail) requireConnector(store);
}

function refuseMethods(store: Store, methods: SignInMethod[] = []) {
  if (methods.some(({ password, verificationCode }) => !password && !verificationCode)) {
    throw new LogtoError(400, "sign_in_experiences.at_least_one_authentication_factor");
  }
  if (methods.some(({ identifier, verificationCode }) => identifier === "email" && verificationCode))
    requireConnector(store);
}

function requireConnector(store: Store) {
  if (!findEmailConnector(store)) {
    throw new LogtoError(400, "sign_in_experiences.enabled_connector_not_found", { data: { type: "Email" } });
  }
}

/** Languages that Logto's pages speak. */
const languages = [
  ...["ar", "cs", "de", "en", "es", "fr", "it", "ja", "ko", "pl-PL", "pt-BR", "pt-PT", "ru", "th", "tr-TR", "uk-UA"],
  ...["zh-CN", "zh-HK", "zh-TW"],
];

function refuseLanguage(language: string) {
  if (!languages.includes(language)) {
    throw new LogtoError(400, "sign_in_experiences.unsupported_default_language", { data: { language } });
  }
}
