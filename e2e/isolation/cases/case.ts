// A case of the catalogue as a function: it looks at something, and claims what should be seen.
import { isDeepStrictEqual } from "node:util";
import { header, type Answer } from "../../http/ask";
import { enter, type Visitor } from "../../http/visitor";
import type { Person } from "../../operator";
import type { Cast, Place } from "../cast";
import { learnIds } from "../known-ids";
import type { CaseId, Part, Stage, Verdict } from "../part";
import { wholeOf } from "../requests";
import { openCast } from "../stage-cast";
import { createSubjects, type Subjects } from "../subjects";

export interface Ground {
  stage: Stage;
  cast: Cast;
  subjects: Subjects;
  /** `leak`: if it is otherwise, somebody got at what is another organization's; else something is only not as it should be. */
  claim(title: string, expected: unknown, actual: unknown, otherwise?: Exclude<Verdict, "held">): void;
  /** The same for what shows that a refusal says something: a rightful person succeeds with the same. */
  control(title: string, expected: unknown, actual: unknown): void;
  /** A visitor of their own for this case. */
  newcomer(name: string, role: string, ...places: Place[]): Promise<Visitor & { person: Person }>;
  /** All that is stored, as one text. */
  state(): string;
}

export type CaseFunction = (ground: Ground) => Promise<void>;

export function partOf(name: string, proves: string, cases: Partial<Record<CaseId, CaseFunction>>): Part {
  const all = Object.entries(cases) as [CaseId, CaseFunction][]; // the keys of the record that is given
  return {
    name,
    proves,
    cases: all.map(([id]) => id),
    place: "world",
    async run(stage) {
      const cast = await openCast(stage);
      const asked = all.filter(([id]) => !stage.narrow.case || stage.narrow.case === id);
      for (const [index, [id, look]] of asked.entries()) {
        learnIds(cast.database, cast.canaries);
        await runCase(stage, cast, id, look);
        stage.progress(index + 1, asked.length);
      }
    },
  };
}

/** A case that fails to be carried out is not proved; the others go on. */
async function runCase(stage: Stage, cast: Cast, id: CaseId, look: CaseFunction): Promise<void> {
  const subjects = createSubjects(cast);
  const claim: Ground["claim"] = (title, expected, actual, otherwise = "leaked") => {
    const verdict = isDeepStrictEqual(actual, expected) ? "held" : otherwise;
    stage.report({ title, case: id, verdict, expected: said(expected), actual: said(actual) });
  };
  try {
    await look({
      stage,
      cast: counting(cast, stage),
      subjects,
      claim,
      control(title, expected, actual) {
        stage.count("controls");
        if (isDeepStrictEqual(actual, expected)) stage.count("controls worked");
        claim(title, expected, actual, "unproven");
      },
      async newcomer(name, role, ...places) {
        const [first = "acme"] = places;
        const person = await cast.hire(name, role, ...places);
        return { ...(await enter(cast.world.baseUrl, person, cast.organizations[first])), person };
      },
      state: () => cast.database.checksumBeside({ organizations: [] }),
    });
    await subjects.tidy();
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const [actual] = text.split("\n");
    stage.report({
      title: `Case ${id} could not be carried out`,
      case: id,
      verdict: "unproven",
      actual,
      evidence: [{ what: "It said", text }],
    });
  }
}

/** The same cast, whose requests are counted as probes. */
function counting(cast: Cast, stage: Stage): Cast {
  const actors = Object.fromEntries(
    Object.entries(cast.actors).map(([key, actor]) => [key, { ...actor, visitor: counted(actor.visitor, stage) }]),
  );
  return { ...cast, actors: actors as Cast["actors"] }; // the same keys
}

function counted(visitor: Visitor, stage: Stage): Visitor {
  const count =
    <Arguments extends unknown[], Result>(run: (...given: Arguments) => Result) =>
    (...given: Arguments) => {
      stage.count("probes");
      return run(...given);
    };
  return { ...visitor, send: count(visitor.send), read: count(visitor.read), submit: count(visitor.submit) };
}

const longest = 300;

function said(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}

/** What of other organizations is in an answer. */
export function foreignIn(
  { cast }: Ground,
  reader: Cast["actors"][keyof Cast["actors"]]["reader"],
  answer: Answer,
  asked = "",
): string[] {
  return cast.canaries.foreignIn(wholeOf(answer), reader, asked).map(({ what }) => what);
}

/** Where an answer leads, in a document's header or in the text of data. */
export const whereTo = (answer: Answer) => header(answer, "location");
