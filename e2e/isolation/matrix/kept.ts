// No proxy and no browser may keep what is answered to somebody: looked at for each answer of the matrix.
import { policy, type OperationName } from "../../../app/auth/policy";
import { header, type Answer } from "../../http/ask";
import type { Check } from "../part";

export function createKept() {
  const answers = new Map<OperationName, { all: number; faults: Set<string> }>();

  return {
    look(operation: OperationName, answer: Answer): void {
      const seen = answers.get(operation) ?? { all: 0, faults: new Set() };
      answers.set(operation, seen);
      seen.all += 1;
      if (!/\bno-store\b/.test(header(answer, "cache-control")))
        seen.faults.add(`Cache-Control: ${header(answer, "cache-control")}`);
      const forAll = policy[operation].path === "/healthz" || policy[operation].path === "/readyz";
      if (!forAll && !/\bCookie\b/i.test(header(answer, "vary"))) seen.faults.add(`Vary: ${header(answer, "vary")}`);
      if (header(answer, "etag")) seen.faults.add("an ETag");
    },

    /** One check for each operation. */
    judge(): Check[] {
      return [...answers].map(([operation, { all, faults }]) => ({
        title: `Nobody may keep what ${operation} answers`,
        case: "G2",
        verdict: faults.size === 0 ? "held" : "broken",
        expected: `no-store, and Vary: Cookie, in ${all} answers`,
        actual: faults.size === 0 ? "the same" : [...faults].join("; "),
      }));
    },
  };
}
