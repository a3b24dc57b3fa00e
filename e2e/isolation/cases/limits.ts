// Case K2: one organization that asks too much waits, and its neighbours do not. In a world of its own, with low limits.
import { paths } from "../../../app/paths";
import { header } from "../../http/ask";
import { never } from "../../http/every-answer";
import { createVisitor, enter } from "../../http/visitor";
import { createOperator } from "../../operator";
import { partOf, type CaseFunction } from "./case";

const perPerson = 30;

const tooMuch: CaseFunction = async ({ stage, claim, control }) => {
  const own = await stage.ownWorld({
    environment: {
      RATE_LIMIT_PER_PERSON_PER_MINUTE: String(perPerson),
      TRUST_PROXY: "1",
      RATE_LIMIT_SIGN_IN_PER_ADDRESS_PER_MINUTE: "40",
    },
  });
  const world = own.description;
  const operator = createOperator(world);
  const [loud, quiet] = [await operator.makeOrganization("Loud"), await operator.makeOrganization("Quiet")];
  const lou = await enter(world.baseUrl, await operator.makePerson("Lou", [loud, "Admin"]), loud);
  const kim = await enter(world.baseUrl, await operator.makePerson("Kim", [quiet, "Admin"]), quiet);
  const statuses: number[] = [];
  for (let turn = 0; turn < perPerson * 3; turn += 1) {
    const forged = { "X-Forwarded-For": `198.51.100.${turn}` };
    statuses.push((await lou.read(paths.posts, "document", forged)).status);
    if (turn % 10 === 0) statuses.push(-(await kim.read(paths.posts)).status);
  }
  stage.count("probes", statuses.length);
  claim(
    "Whoever asks three times too much is told to wait, from whatever address they say they ask",
    true,
    statuses.filter((status) => status === 429).length > perPerson,
  );
  claim(
    "Somebody of another organization is served all the while",
    [-200],
    [...new Set(statuses.filter((status) => status < 0))],
    "broken",
  );
  control("Until then they were served", true, statuses.filter((status) => status === 200).length >= perPerson / 2);
  const refusal = await lou.read(paths.posts);
  claim("The refusal says when to come back", true, Number(header(refusal, "retry-after")) > 0, "broken");
  const guesser = createVisitor(world.baseUrl, { name: "Nobody" });
  const guesses: number[] = [];
  for (let turn = 0; turn < 60; turn += 1)
    guesses.push(
      (await guesser.submit(paths.join(`${never()}.${never()}`), {}, { headers: { "X-Forwarded-For": "203.0.113.9" } }))
        .status,
    );
  claim("Whoever guesses links is stopped", 429, guesses.at(-1));
  await own.stop();
};

export const limits = partOf("limits", "One organization that asks too much slows nobody else.", { K2: tooMuch });
