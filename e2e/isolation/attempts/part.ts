// The part of the suite that performs the attempts, on the probe build and in a process of its own.
import { z } from "zod";
import type { CaseId, Part } from "../part";
import { buildProbe } from "../probe/build";
import { inProcess } from "../probe/in-process";
import { hasHook, hooksInProduction } from "../probe/shipped";
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
    const { file } = await buildProbe();
    const shipped = hooksInProduction();
    stage.report({
      title: "Nothing of the probe build, and no switch of a mutant, is in the production build.",
      verdict: shipped.length > 0 ? "broken" : hasHook(file) ? "held" : "unproven",
      expected: "No file of build/ has a hook.",
      actual: shipped.join(", ") || "None has one.",
    });
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
