// The plan for the application that people sign in to: its URLs, its tokens' life, its secret.
import type { ManagementApi } from "../management-api";
import type { Application, Found, Secret } from "./found";
import { mark, type Manifest } from "./manifest";
import { change, create, merged, ok, refuse, sameValues, type PlanFlags, type Step } from "./step";

export function planApplication(found: Found, manifest: Manifest, flags: PlanFlags): Step[] {
  const what = `application ${manifest.name}`;
  const [application, ...others] = found.candidates;
  if (others.length > 0) {
    const ids = found.candidates.map(({ id }) => id).join(", ");
    return [
      refuse(what, `${found.candidates.length} applications could be it (${ids}): say which with --application-id`),
    ];
  }
  if (!application && manifest.applicationId) {
    return [refuse(what, `there is no application with the id ${manifest.applicationId}`)];
  }
  if (!application) return [create(what, (api) => createApplication(api, manifest))];

  const fault = unsuitable(application, manifest);
  if (fault) return [refuse(what, `${application.id} ${fault}`)];
  return [planSettings(what, application, manifest, flags), planSecret(application, found.secrets, flags)];
}

function unsuitable({ type, isThirdParty, customData }: Application, { key }: Manifest): string | undefined {
  if (type !== "Traditional") return `is of type ${type}, and Atrium needs a Traditional web application`;
  if (isThirdParty) return "is a third-party application: Logto would ask every person for consent";
  if (customData[mark] !== undefined && customData[mark] !== key) {
    return `belongs to the installation "${String(customData[mark])}": give this one another name with --name`;
  }
  return undefined;
}

function createApplication(api: ManagementApi, manifest: Manifest) {
  return api.write("POST", "/applications", {
    name: manifest.name,
    type: "Traditional",
    description: "Made by provision-logto",
    oidcClientMetadata: {
      redirectUris: [manifest.redirectUri],
      postLogoutRedirectUris: [manifest.postLogoutRedirectUri],
    },
    customClientMetadata: wantedClientMetadata,
    customData: { [mark]: manifest.key },
  });
}

/** A renewal whose answer is lost would end the session if it had used the refresh token up. */
const wantedClientMetadata = { rotateRefreshToken: false };

function planSettings(what: string, application: Application, manifest: Manifest, { prune }: PlanFlags): Step {
  const { oidcClientMetadata: oidc, customClientMetadata: custom } = application;
  const redirectUris = merged(oidc.redirectUris, [manifest.redirectUri], prune);
  const postLogoutRedirectUris = merged(oidc.postLogoutRedirectUris, [manifest.postLogoutRedirectUri], prune);

  const differences: string[] = [];
  if (!sameValues(redirectUris, oidc.redirectUris)) differences.push(`redirect URIs ${redirectUris.join(" ")}`);
  if (!sameValues(postLogoutRedirectUris, oidc.postLogoutRedirectUris)) {
    differences.push(`sign-out URIs ${postLogoutRedirectUris.join(" ")}`);
  }
  if (custom.rotateRefreshToken !== false) differences.push("refresh tokens are not rotated");
  const unmarked = application.customData[mark] === undefined;
  if (differences.length === 0 && !unmarked) return ok(what, application.id);

  return change(what, [...differences, ...(unmarked ? ["marked as Atrium's"] : [])].join("; "), async (api) => {
    if (differences.length > 0) {
      await api.write("PATCH", `/applications/${application.id}`, {
        oidcClientMetadata: { ...oidc, redirectUris, postLogoutRedirectUris },
        customClientMetadata: { ...custom, ...wantedClientMetadata },
      });
    }
    if (unmarked) await api.write("PATCH", `/applications/${application.id}/custom-data`, { [mark]: manifest.key });
  });
}

function planSecret(application: Application, secrets: Secret[], { rotate }: PlanFlags): Step {
  const what = "application secret";
  if (!rotate && newestSecret(secrets)) return ok(what);
  return create(
    what,
    (api) =>
      api.write("POST", `/applications/${application.id}/secrets`, { name: `Atrium ${new Date().toISOString()}` }),
    rotate ? "the old ones stay valid until you delete them in Logto" : "there is none that is still valid",
  );
}

export function newestSecret(secrets: Secret[], now = Date.now()): string | undefined {
  const valid = secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  return valid.toSorted((one, other) => other.createdAt - one.createdAt)[0]?.value;
}
