// Cases H1, H2, H3 and H5: what browsers can be made to send, and where they can be led.
import { randomBytes } from "node:crypto";
import { organizationField, paths } from "../../../app/paths";
import { formFor, operations, pathOf } from "../../http/operations";
import { addressOf, createVisitor, transports } from "../../http/visitor";
import { Walker } from "../../walker";
import { partOf, whereTo, type CaseFunction } from "./case";

const ownRefusal = "This request did not come from our pages";

const crossSite: CaseFunction = async ({ cast, claim, control, state }) => {
  const { ada, anonymous } = cast.actors;
  const origin = new URL(cast.world.baseUrl).origin;
  const foreign: Record<string, string>[] = [
    { Origin: "https://evil.example" },
    { Origin: "null" },
    {},
    { Origin: `${origin}.evil.example` },
    { "Sec-Fetch-Site": "same-site" },
    { Origin: "https://evil.example", "X-Forwarded-Host": "evil.example" },
  ];
  const before = state();
  const forms = operations.filter(({ name, method }) => method === "POST" && name !== "webhooks.logto");
  for (const { name } of forms) {
    const body = new URLSearchParams({ [organizationField]: cast.organizations.acme.id, ...formFor(name) }).toString();
    const path = pathOf(name, { postId: "x", commentId: "x", memberId: "x", invitationId: "x", token: "x" });
    const headers = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" };
    const taken: string[] = [];
    for (const as of transports)
      for (const from of foreign) {
        const answer = await ada.visitor.send(addressOf(path, as), {
          method: "POST",
          headers: { ...headers, ...from },
          body,
        });
        if (answer.status !== 403 || !answer.text.includes(ownRefusal))
          taken.push(`${as} ${JSON.stringify(from)}: ${answer.status}`);
      }
    claim(`${name} is taken from no other site`, [], taken);
    const own = await anonymous.visitor.send(path, { method: "POST", headers: { ...headers, Origin: origin }, body });
    control(`${name} is let through from the app's own pages`, false, own.text.includes(ownRefusal));
    const changed: number[] = [];
    for (const method of ["GET", "HEAD"])
      changed.push(
        (
          await ada.visitor.send(`${path}?_method=POST&${body}`, {
            method,
            headers: { "X-HTTP-Method-Override": "POST", Accept: "text/html" },
          })
        ).status,
      );
    claim(
      `Asking for ${name} with GET or HEAD is answered, whatever it pretends`,
      true,
      changed.every((status) => status < 500),
    );
  }
  claim("All of that has changed nothing", before, state());
};

const ways = [
  ...[
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
  ],
  ...[
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/\t/evil.example",
    "/posts\r\nLocation: https://evil.example",
    `/${"a".repeat(4_096)}`,
    "",
    " //evil.example",
  ],
];

const ledAway: CaseFunction = async ({ cast, claim, control }) => {
  const { bobInAcme } = cast.actors;
  const { acme } = cast.organizations;
  const isLocal = (location: string) => /^\/(?![/\\])[^\s\\]*$/.test(location);
  for (const returnTo of ways) {
    const said = JSON.stringify(returnTo.slice(0, 40));
    const moved = await bobInAcme.visitor.submit(paths.switchOrganization, { organization: acme.id, returnTo });
    claim(`Switching with ${said} leads into the app`, true, isLocal(whereTo(moved)));
  }
  for (const returnTo of ways.slice(0, 6)) {
    const walker = new Walker(cast.world.baseUrl);
    const landed = await walker.signIn(cast.people.cleo, { returnTo });
    claim(
      `Signing in with ${JSON.stringify(returnTo)} ends in the app`,
      new URL(cast.world.baseUrl).origin,
      new URL(landed.url).origin,
    );
  }
  const walker = new Walker(cast.world.baseUrl);
  const landed = await walker.signIn(cast.people.cleo, { returnTo: paths.newPost });
  control("Signing in for a page of the app ends there", paths.newPost, new URL(landed.url).pathname);
};

const begunByAnother: CaseFunction = async ({ cast, claim, control }) => {
  const { baseUrl } = cast.world;
  const nobody = createVisitor(baseUrl, { name: "Nobody" });
  const gives = (headers: [string, string][]) =>
    headers.some(([name, value]) => name === "set-cookie" && /session=[^;]{20,}/.test(value));
  const attempts = [
    paths.callback,
    `${paths.callback}?code=x`,
    `${paths.callback}?code=x&state=${randomBytes(12).toString("hex")}`,
    `${paths.callback}?error=access_denied&state=x`,
  ];
  for (const target of attempts) {
    const answer = await nobody.read(target);
    claim(
      `${target.replace(/state=\w+/, "state=…")} gives nobody a session`,
      [true, false],
      [answer.status >= 300 && answer.status < 500, gives(answer.headers)],
    );
  }
  const cleo = new Walker(baseUrl);
  const { url } = await cleo.signIn(cast.people.cleo, { stopAtCallback: true });
  const stolen = await nobody.read(url.slice(baseUrl.length));
  claim("Cleo's callback, opened in another browser, gives no session", false, gives(stolen.headers));
  const mixed = new URL(url);
  mixed.searchParams.set("state", randomBytes(12).toString("hex"));
  const wrong = await cleo.send(mixed.href);
  claim(
    "Cleo's code with another state gives none",
    false,
    wrong.headers.getSetCookie().some((one) => /session=[^;]{20,}/.test(one)),
  );
  const fresh = new Walker(baseUrl);
  const own = await fresh.signIn(cast.people.cleo, { stopAtCallback: true });
  const landed = await fresh.follow(await fresh.send(own.url), own.url);
  control("Cleo's callback in her own browser signs her in", 200, landed.response.status);
  const again = await new Walker(baseUrl).send(own.url);
  claim(
    "The same code a second time gives none",
    false,
    again.headers.getSetCookie().some((one) => /session=[^;]{20,}/.test(one)),
  );
};

const development: CaseFunction = async ({ cast, claim, control }) => {
  const { ada, anonymous } = cast.actors;
  const strange = [
    "/@vite/client",
    "/@fs/etc/passwd",
    "/node_modules/react/package.json",
    "/app/root.tsx",
    "/build/server.js",
    "/server.js",
    "/.env",
    "/.git/config",
    "/package.json",
    "/emulator",
    "/console",
    "/__open-in-editor",
    "/metrics",
    "/debug",
    "/assets/",
    "/assets/../server.js",
  ];
  for (const path of strange)
    for (const { visitor } of [ada, anonymous]) {
      const answer = await visitor.send(path, { headers: { Accept: "text/html" } });
      claim(`${path} is nothing`, true, answer.status >= 400 && answer.status < 500);
    }
  const page = await anonymous.visitor.read(paths.home);
  const scripts = [...new Set([...page.text.matchAll(/\/assets\/[\w./-]+\.js/g)].map(([file]) => file))];
  const maps = await Promise.all(scripts.map(async (file) => (await anonymous.visitor.send(`${file}.map`)).status));
  claim(
    "No script has its sources beside it",
    [],
    maps.filter((status) => status !== 404),
  );
  control(
    "The scripts themselves are there",
    true,
    scripts.length > 0 && (await anonymous.visitor.send(scripts[0] ?? "")).status === 200,
  );
  for (const query of ["?p=/../..", "?p=%00", `?p=${"/x".repeat(2_000)}`, "?version=x&p=/posts", ""]) {
    const answer = await anonymous.visitor.send(`/__manifest${query}`);
    claim(`/__manifest${query.slice(0, 20)} is no fault of the server`, true, answer.status < 500, "broken");
  }
};

export const web = partOf(
  "web",
  "No other site can act, lead away or begin a sign-in, and nothing of development is served.",
  {
    H1: crossSite,
    H2: ledAway,
    H3: begunByAnother,
    H5: development,
  },
);
