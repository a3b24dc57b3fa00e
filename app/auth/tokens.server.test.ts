import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair, type JWTPayload } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LogtoUnavailable } from "../logto/outcome.server";
import { InvalidToken, createTokenVerifier, type TokenVerifier } from "./tokens.server";

const { privateKey, publicKey } = await generateKeyPair("ES384");
const stranger = await generateKeyPair("ES384");
const jwk = { ...(await exportJWK(publicKey)), kid: "ours", alg: "ES384", use: "sig" };

/** What answers for Logto's keys. */
let keys: RequestListener = (_request, response) => void response.end(JSON.stringify({ keys: [jwk] }));
const server = createServer((request, response) => keys(request, response));
let endpoint: string;
let verifier: TokenVerifier;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  verifier = createTokenVerifier({ endpoint, appId: "atrium" });
});
afterAll(() => void server.close().closeAllConnections());

const seconds = () => Math.floor(Date.now() / 1_000);

function sign(claims: JWTPayload, { key = privateKey, alg = "ES384", kid = "ours" } = {}) {
  const whole = { iss: `${endpoint}/oidc`, sub: "ada", iat: seconds(), exp: seconds() + 3_600, ...claims };
  return new SignJWT(whole).setProtectedHeader({ alg, kid }).sign(key);
}

const organizationToken = (claims: JWTPayload = {}) =>
  sign({ aud: "urn:logto:organization:acme", scope: "read:posts write:posts", ...claims });
const permissions = (token: string) => verifier.organizationToken(token, "acme", "ada");

test("an organization's token is worth its permissions, which may be none", async () => {
  expect(await permissions(await organizationToken())).toEqual(["read:posts", "write:posts"]);
  expect(await permissions(await organizationToken({ scope: "" }))).toEqual([]);
  expect(await permissions(await organizationToken({ scope: undefined }))).toEqual([]);
  expect(await permissions(await organizationToken({ scope: ["read:posts"] }))).toEqual([]);
});

test("an ID token is worth its claims", async () => {
  const token = await sign({ aud: "atrium", name: "Ada", organizations: ["acme"] });
  expect(await verifier.idToken(token)).toMatchObject({ sub: "ada", name: "Ada", organizations: ["acme"] });
  expect(await verifier.idToken(token, "ada")).toMatchObject({ sub: "ada" });
  await expect(verifier.idToken(token, "eve")).rejects.toBeInstanceOf(InvalidToken);
});

test.each<[string, JWTPayload]>([
  ["another organization", { aud: "urn:logto:organization:globex" }],
  ["the whole template", { aud: "urn:logto:resource:organizations" }],
  ["the Management API", { aud: "https://default.logto.app/api" }],
  ["two audiences", { aud: ["urn:logto:organization:acme", "urn:logto:organization:globex"] }],
  ["a list of one", { aud: ["urn:logto:organization:acme"] }],
  ["nobody in particular", { aud: undefined }],
  ["an ID token's audience", { aud: "atrium" }],
  ["another person", { sub: "eve" }],
  ["no person", { sub: undefined }],
  ["another issuer", { iss: "https://evil.example/oidc" }],
  ["the issuer's bare address", { iss: "http://127.0.0.1" }],
  ["a time that is over", { exp: seconds() - 31 }],
  ["no end", { exp: undefined }],
  ["no beginning", { iat: undefined }],
  ["a time to come", { nbf: seconds() + 600 }],
])("a token for %s is worth nothing", async (_name, claims) => {
  await expect(permissions(await organizationToken(claims))).rejects.toBeInstanceOf(InvalidToken);
});

test("a token that ended a few seconds ago is still taken: clocks differ", async () => {
  expect(await permissions(await organizationToken({ exp: seconds() - 10 }))).toContain("read:posts");
});

test("a token that Logto has not signed is worth nothing", async () => {
  const claims = { iss: `${endpoint}/oidc`, sub: "ada", aud: "urn:logto:organization:acme", scope: "manage:members" };
  const timely = { ...claims, iat: seconds(), exp: seconds() + 3_600 };
  const own = await organizationToken();
  const [header, payload, signature] = own.split(".");
  const forged = [
    await sign({ ...claims }, { key: stranger.privateKey }),
    await sign({ ...claims }, { key: stranger.privateKey, kid: "unknown" }),
    new UnsecuredJWT(timely).encode(),
    await new SignJWT(timely).setProtectedHeader({ alg: "HS256", kid: "ours" }).sign(Buffer.from(JSON.stringify(jwk))),
    `${header}.${Buffer.from(JSON.stringify(timely)).toString("base64url")}.${signature}`,
    `${header}.${payload}.`,
    `${header}.${payload}`,
    "none yet",
    "",
  ];
  for (const token of forged) await expect(permissions(token), token).rejects.toBeInstanceOf(InvalidToken);
  expect(await permissions(own), "the control").toContain("read:posts");
});

test.each<[string, RequestListener]>([
  ["500", (_request, response) => void response.writeHead(500).end()],
  ["404", (_request, response) => void response.writeHead(404).end("{}")],
  ["a page", (_request, response) => void response.end("<html>")],
  ["something else", (_request, response) => void response.end('{"keys":"none"}')],
  ["a cut connection", (_request, response) => void response.destroy()],
  ["nothing", () => {}],
])("without Logto's keys nothing can be said of a token: %s", async (_name, answer) => {
  const whole = keys;
  keys = answer;
  const cold = createTokenVerifier({ endpoint, appId: "atrium", patience: 1_000 });
  const token = await organizationToken();
  await expect(cold.organizationToken(token, "acme", "ada")).rejects.toBeInstanceOf(LogtoUnavailable);
  keys = whole;
  expect(await cold.organizationToken(token, "acme", "ada"), "once they are back").toContain("read:posts");
});
