// The part of the suite that performs the attempts, on the probe build and in a process of its own.
import { z } from "zod";
import type { CaseId, Part } from "../part";
import { inProcess } from "../probe/in-process";
import { attempts } from "./all";

const Said = z.union([
  z.object({ title: z.string(), broken: z.string().optional() }),
  z.object({ over: z.literal(true) }),
]);

export const attemptsPart: Part = {
  name: "attempts",
  proves:
    "What nobody may, nobody can, also when it changes under their hands: on the probe build, with barriers and the app's own clock.",
  cases: [...new Set(attempts.flatMap((attempt): CaseId[] => (attempt.case ? [attempt.case] : [])))],
  place: "beside",
  async run(stage) {
    let done = 0;
    await inProcess("e2e/isolation/attempts/worker.ts", {}, (message) => {
      const said = Said.parse(message);
      if ("over" in said) return;
      const attempt = attempts.find(({ title }) => title === said.title);
      stage.progress((done += 1), attempts.length);
      stage.report({
        title: said.title,
        ...(attempt?.case && { case: attempt.case }),
        verdict: said.broken ? "broken" : "held",
        ...(said.broken && { expected: said.title, actual: said.broken }),
      });
    });
  },
};
