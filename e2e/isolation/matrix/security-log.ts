// Every refusal is to be written down, with who asked and where they were, and without what they asked with.
import { readFileSync } from "node:fs";
import { policy, type OperationName } from "../../../app/auth/policy";
import { header, type Answer } from "../../http/ask";
import { linesOf } from "../../http/log";
import type { Check } from "../part";
import { isLetIn, type Outcome } from "../requests";

export type SecurityLog = ReturnType<typeof createSecurityLog>;

export function createSecurityLog(logFile: string) {
  const refused = new Map<OperationName, { id: string; outcome: Outcome }[]>();

  return {
    /** The answer to a request that was to be refused. */
    expect(operation: OperationName, outcome: Outcome, answer: Answer): void {
      if (isLetIn(outcome) || policy[operation].permission === "anyone") return;
      const known = refused.get(operation) ?? [];
      known.push({ id: header(answer, "x-request-id"), outcome });
      refused.set(operation, known);
    },

    /** One check for each operation that refused anybody. */
    judge(): Check[] {
      const written = new Set(
        linesOf(readFileSync(logFile, "utf8")).flatMap(({ event, requestId }) =>
          event === "authz.denied" && requestId ? [requestId] : [],
        ),
      );
      return [...refused].map(([operation, requests]) => {
        const missing = requests.filter(({ id }) => !written.has(id));
        const kinds = [...new Set(missing.map(({ outcome }) => outcome))].join(", ");
        return {
          title: `Every refusal of ${operation} is written down as a security event`,
          verdict: missing.length === 0 ? "held" : "broken",
          expected: `authz.denied for each of ${requests.length} requests`,
          actual: missing.length === 0 ? "the same" : `none for ${missing.length} of them (${kinds})`,
        };
      });
    },
  };
}
