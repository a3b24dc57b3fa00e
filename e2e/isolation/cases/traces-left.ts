// Cases G7 and K1: what all that was asked before has left behind in the log, in what the programs printed, and in the mail. Runs after the others.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { bugsIn, linesOf, secretsIn } from "../../http/log";
import { partOf, type CaseFunction } from "./case";

const Mails = z.array(z.object({ to: z.string(), type: z.string(), payload: z.looseObject({}) }));

const mail: CaseFunction = async ({ cast, claim, control, subjects }) => {
  await subjects.invite("acme");
  await subjects.invite("globex");
  const mails = Mails.parse(await (await fetch(cast.world.outboxUrl)).json());
  const texts = mails.map((one) => ({ ...one, found: cast.canaries.foundIn(JSON.stringify(one.payload)) }));
  const places = (found: (typeof texts)[number]["found"]) =>
    new Set(
      found
        .filter((canary) => canary.class !== "person" && canary.organizations.size === 1)
        .flatMap((canary) => [...canary.organizations]),
    );
  const mixed = texts.filter(({ found }) => places(found).size > 1);
  claim(
    `Each of ${mails.length} mails speaks of one organization`,
    [],
    mixed.map(({ to }) => to),
  );
  control(
    "The mails do speak of organizations",
    true,
    texts.some(({ found }) => found.length > 0),
  );
  const inviters = cast.database.rows("select address_key as address, logto_organization_id as id from invitations");
  const strangers = texts.filter(({ to, found }) =>
    [...places(found)].some((id) => !inviters.some((row) => row.id === id && row.address === to.toLowerCase())),
  );
  claim(
    "and goes to nobody whom that organization has not invited",
    [],
    strangers.map(({ to }) => to),
  );
};

const log: CaseFunction = async ({ cast, claim, control }) => {
  const { world, canaries } = cast;
  const written = readFileSync(world.logFile, "utf8");
  const lines = linesOf(written);
  control("The log has a line for each request", true, lines.filter(({ msg }) => msg === "request").length > 10);
  const told = lines.filter((line) =>
    canaries.foundIn(JSON.stringify({ ...line, path: "" })).some(({ token }) => token.startsWith("qv7")),
  );
  claim(`None of ${lines.length} lines has a word that somebody wrote`, [], told.slice(0, 3));
  const typed = lines.filter((line) => canaries.foundIn(line.path ?? "").some(({ token }) => token.startsWith("qv7")));
  claim("and no address has one", [], typed.slice(0, 3));
  claim("Nobody's secret, token, cookie, link or e-mail address is in it", [], secretsIn(written, world).slice(0, 3));
  claim("Nothing went wrong on our side", [], bugsIn(written).slice(0, 3), "broken");
  const nameless = lines.filter(
    ({ event, person, reason }) =>
      event === "authz.denied" && !person && !/signed out|signed-out|method/.test(reason ?? ""),
  );
  claim("Every refusal says whose it was, unless they were signed out", [], nameless.slice(0, 3), "broken");
  const printed = join(dirname(world.logFile), "output.log");
  const said = existsSync(printed) ? readFileSync(printed, "utf8") : "";
  claim(
    "What the programs printed holds none either",
    [],
    canaries.foundIn(said).map(({ what }) => what),
  );
};

export const tracesLeft = partOf(
  "traces-left",
  "Neither the log nor the mail tells anybody what is another organization's.",
  { G7: mail, K1: log },
);
