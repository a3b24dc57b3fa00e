// Behind a proxy that ends https: what the app promises and marks only there. The proxy is played by the test.
import { paths } from "../../app/paths";
import { createManagementApi } from "../../scripts/management-api";
import { Walker } from "../walker";
import { header } from "./ask";
import { expect, test } from "./suite";
import { createVisitor } from "./visitor";

const appUrl = "https://atrium.localhost";

test.use({ environment: { APP_URL: appUrl } });

test("answers promise https, and the session's cookie goes nowhere else", async ({ world, operator }) => {
  const { resource, ...machine } = world.management;
  const logto = createManagementApi({ endpoint: world.logtoEndpoint, machine, resource });
  const addresses = { redirectUris: [appUrl + paths.callback], postLogoutRedirectUris: [`${appUrl}/`] };
  await logto.write("PATCH", `/applications/${world.application.appId}`, { oidcClientMetadata: addresses });
  const organization = await operator.makeOrganization("Acme over https");
  const ada = await operator.makePerson("Ada", [organization, "Admin"]);

  const proxy = (request: Request) => fetch(request.url.replace(appUrl, world.baseUrl), request);
  const walker = new Walker(appUrl, { app: proxy });
  const landed = await walker.signIn(ada);
  expect([landed.response.status, landed.url]).toEqual([200, appUrl + paths.posts]);
  expect(landed.response.headers.get("strict-transport-security")).toMatch(/^max-age=\d{8,}/);

  const cookies = walker.setCookies().map((cookie) => cookie.split("; "));
  expect(cookies.map(([pair = ""]) => pair.split("=")[0])).toEqual(["__Host-session"]);
  for (const [, ...attributes] of cookies) {
    expect(attributes).toEqual(expect.arrayContaining(["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]));
    expect(attributes.filter((attribute) => attribute.startsWith("Domain"))).toEqual([]);
  }

  const written = await walker.post(paths.newPost, { title: "A post", status: "draft" }, organization.id);
  expect(written.status, "forms of the app's own origin are taken").toBe(302);
  const plain = createVisitor(world.baseUrl, { name: "Ada", cookie: walker.cookies(appUrl), organization });
  const refused = await plain.submit(paths.newPost, { title: "A post", status: "draft" });
  expect(refused.status, "the address behind the proxy is not the app's").toBe(403);
  expect(header(refused, "strict-transport-security"), "refusals promise it too").toMatch(/^max-age=\d{8,}/);
});
