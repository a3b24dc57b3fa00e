// What a Logto has now: everything that the plan looks at, read before anything is written.
import { z } from "zod";
import type { ManagementApi } from "../management-api";
import { mark, type Manifest } from "./manifest";

const Application = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  isThirdParty: z.boolean(),
  // Loose, because PATCH replaces these objects as a whole: what we do not know must go back as it came.
  oidcClientMetadata: z.looseObject({ redirectUris: z.array(z.string()), postLogoutRedirectUris: z.array(z.string()) }),
  customClientMetadata: z.looseObject({ rotateRefreshToken: z.boolean().optional() }),
  customData: z.looseObject({}),
});
const Secret = z.object({
  name: z.string(),
  value: z.string(),
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
});
const Scope = z.object({ id: z.string(), name: z.string() });
const Role = z.object({ id: z.string(), name: z.string(), type: z.string(), scopes: z.array(Scope) });
const Hook = z.object({
  id: z.string(),
  name: z.string(),
  events: z.array(z.string()),
  config: z.looseObject({ url: z.string().optional() }),
  enabled: z.boolean(),
  signingKey: z.string(),
});
const Delivery = z.object({ payload: z.looseObject({ result: z.string().optional() }) });
const Connector = z.object({ id: z.string(), connectorId: z.string(), type: z.string(), config: z.looseObject({}) });
const Template = z.object({
  languageTag: z.string(),
  templateType: z.string(),
  details: z.looseObject({ content: z.string().optional(), contentType: z.string().optional() }),
});
const SignInExperience = z.object({
  signInMode: z.string(),
  signIn: z.object({ methods: z.array(z.looseObject({ identifier: z.string() })) }),
  signUp: z.object({
    identifiers: z.array(z.string()),
    password: z.boolean(),
    verify: z.boolean(),
    secondaryIdentifiers: z.array(z.object({ identifier: z.string(), verify: z.boolean().optional() })).optional(),
  }),
  languageInfo: z.object({ fallbackLanguage: z.string() }),
  socialSignInConnectorTargets: z.array(z.string()).optional(),
  singleSignOnEnabled: z.boolean().optional(),
});

export type Application = z.infer<typeof Application>;
export type Secret = z.infer<typeof Secret>;
export type Hook = z.infer<typeof Hook>;
export type Connector = z.infer<typeof Connector>;
export type SignInExperience = z.infer<typeof SignInExperience>;
export type Found = Awaited<ReturnType<typeof readLogto>>;

export async function readLogto(api: ManagementApi, manifest: Manifest) {
  const applications = await api.get("/applications", z.array(Application));
  const candidates = candidatesFor(applications, manifest);
  const application = candidates.length === 1 ? candidates[0] : undefined;
  const hooks = hooksFor(await api.get("/hooks", z.array(Hook)), manifest);
  const hook = hooks.length === 1 ? hooks[0] : undefined;

  return {
    candidates,
    secrets: application ? await api.get(`/applications/${application.id}/secrets`, z.array(Secret)) : [],
    scopes: await api.list("/organization-scopes", Scope),
    roles: await api.list("/organization-roles", Role),
    hooks,
    deliveries: hook ? await api.get(`/hooks/${hook.id}/recent-logs?page_size=20`, z.array(Delivery)) : [],
    connector: (await api.get("/connectors", z.array(Connector))).find(({ type }) => type === "Email"),
    templates: (await api.get("/email-templates", z.array(Template))).filter(
      ({ templateType }) => templateType === "OrganizationInvitation",
    ),
    signInExperience: await api.get("/sign-in-exp", SignInExperience),
  };
}

/** By id if it is known, else by our mark, else by name: names are not unique at Logto, so the first way that finds any decides. */
function candidatesFor(applications: Application[], { applicationId, key, name }: Manifest): Application[] {
  if (applicationId) return applications.filter(({ id }) => id === applicationId);
  const marked = applications.filter(({ type, customData }) => type === "Traditional" && customData[mark] === key);
  return marked.length > 0 ? marked : applications.filter((application) => application.name === name);
}

function hooksFor(hooks: Hook[], { webhookUrl, name }: Manifest): Hook[] {
  const atUrl = hooks.filter(({ config }) => config.url === webhookUrl);
  return atUrl.length > 0 ? atUrl : hooks.filter((hook) => hook.name === name);
}
