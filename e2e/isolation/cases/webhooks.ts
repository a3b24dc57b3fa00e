// Cases I1 to I4: what Logto says, what somebody says in its name, and what happens when it says nothing.
import { createHmac } from "node:crypto";
import { paths } from "../../../app/paths";
import { enter, transports } from "../../http/visitor";
import { createOperator } from "../../operator";
import type { WorldDescription } from "../../world";
import { partOf, type CaseFunction } from "./case";

const event = (body: object = {}) =>
  JSON.stringify({ event: "User.Data.Updated", createdAt: new Date().toISOString(), ...body });
const sign = (body: string, key: string) => createHmac("sha256", key).update(body).digest("hex");

function sender({ webhook }: WorldDescription) {
  return async (body: string, signature?: string): Promise<number> => {
    const headers = {
      "Content-Type": "application/json",
      ...(signature !== undefined && { "logto-signature-sha-256": signature }),
    };
    return (await fetch(webhook.url, { method: "POST", headers, body })).status;
  };
}

const unsigned: CaseFunction = async ({ cast, stage, claim, control, state }) => {
  const send = sender(cast.world);
  const { signingKey } = cast.world.webhook;
  const body = event();
  const right = sign(body, signingKey);
  const wrong: Record<string, string | undefined> = {
    "no signature": undefined,
    "an empty signature": "",
    "one in capitals": right.toUpperCase(),
    "one that is cut": right.slice(0, -2),
    "one with more behind it": `${right}00`,
    "that of another key": sign(body, "another key"),
    "that of an empty key": sign(body, ""),
    "that of another body": sign(`${body} `, signingKey),
    "a prefix before it": `sha256=${right}`,
  };
  const before = state();
  for (const [what, signature] of Object.entries(wrong)) {
    stage.count("probes");
    claim(`A webhook with ${what} is refused`, 401, await send(body, signature));
  }
  claim("and none of them wrote anything", before, state());
  control("With the right signature it is taken", 204, await send(body, right));
};

const repeated: CaseFunction = async ({ cast, stage, claim, control, state }) => {
  const send = sender(cast.world);
  const { acme } = cast.organizations;
  const body = event({ event: "Organization.Membership.Updated", organizationId: acme.id });
  const signature = sign(body, cast.world.webhook.signingKey);
  const before = state();
  const many = stage.length === "gate" ? 50 : 1_000;
  stage.count("probes", many);
  const answers = await Promise.all(Array.from({ length: many }, () => send(body, signature)));
  control(`The same webhook ${many} times at once is taken each time`, [204], [...new Set(answers)]);
  claim("and changes nothing that anybody owns", before, state());
  claim("Ada still reads what is hers", 200, (await cast.actors.ada.visitor.read(paths.posts)).status, "broken");
};

const strange: CaseFunction = async ({ cast, stage, claim, control, state }) => {
  const send = sender(cast.world);
  const signed = (body: string) => send(body, sign(body, cast.world.webhook.signingKey));
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const refused: Record<string, string> = {
    "six minutes old": event({ createdAt: ago(6) }),
    "six minutes ahead": event({ createdAt: ago(-6) }),
    "of no time": JSON.stringify({ event: "User.Data.Updated" }),
    "of a time that is none": event({ createdAt: "yesterday" }),
    "no JSON": "event=User.Data.Updated",
    "a list": "[]",
    "cut off": event().slice(0, -3),
    "without an event": JSON.stringify({ createdAt: ago(0) }),
  };
  const before = state();
  for (const [what, body] of Object.entries(refused)) {
    stage.count("probes");
    claim(`A signed webhook that is ${what} is refused`, 400, await signed(body));
  }
  const unknown = {
    event: "Organization.Deleted",
    organizationId: "nobody-knows-it",
    data: { id: "nobody-knows-it", name: "Hooli" },
  };
  claim(
    "One about an organization that nobody knows makes no row",
    [204, before],
    [await signed(event(unknown)), state()],
  );
  const told = {
    event: "Organization.Membership.Updated",
    organizationId: cast.organizations.acme.id,
    data: { userId: cast.people.eve.id, role: "Admin" },
  };
  await signed(event(told));
  const eve = await cast.actors.eve.visitor.submit(paths.switchOrganization, {
    organization: cast.organizations.acme.id,
  });
  claim("One that says that Eve is an Admin of Acme is not believed", 404, eve.status);
  control("A timely one is taken", 204, await signed(event()));
};

const away: CaseFunction = async ({ stage, claim, control }) => {
  const own = await stage.ownWorld();
  const world = own.description;
  const operator = createOperator(world);
  const organization = await operator.makeOrganization("Lamps");
  const ann = await enter(world.baseUrl, await operator.makePerson("Ann", [organization, "Admin"]), organization);
  const ben = await enter(
    world.baseUrl,
    await operator.makePerson("Ben", [organization, "Collaborator"]),
    organization,
  );
  const faults = `${world.logtoEndpoint}/emulator/faults`;
  const fault = (rule: object) =>
    fetch(faults, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify([rule]) });
  control("While Logto answers, Ann reads the invitations", 200, (await ann.read(paths.invitations)).status);
  const kinds: Record<string, object> = {
    "breaks every connection off": { kind: "reset" },
    "answers 500": { kind: "status", status: 500 },
    "answers 429": { kind: "status", status: 429 },
    "sends half an answer": { kind: "malformed" },
  };
  for (const [what, rule] of Object.entries(kinds)) {
    await fault(rule);
    for (const as of transports) {
      const ben403 = await ben.read(paths.invitations, as);
      claim(
        `As ${as}: Logto ${what}, and Ben, a Collaborator, has no wider permission`,
        true,
        [403, 503].includes(ben403.status),
      );
      const invited = await ann.submit(
        paths.invite,
        { addresses: "somebody@example.com", role: "x", batch: "b", days: "7" },
        { as },
      );
      claim(`As ${as}: Logto ${what}, and nobody is invited`, true, invited.status >= 400);
    }
    const began = await fetch(world.baseUrl + paths.signIn(), { redirect: "manual" });
    claim(
      `Logto ${what}: whoever signs in gets no session`,
      false,
      began.headers.getSetCookie().some((one) => /session=[^;]{60,}/.test(one)),
    );
    await fetch(faults, { method: "DELETE" });
  }
  await own.stop();
};

export const webhooks = partOf(
  "webhooks",
  "Only Logto is believed, only for what it is asked, and its silence widens nothing.",
  {
    I1: unsigned,
    I2: repeated,
    I3: strange,
    I4: away,
  },
);
