// Plain sentences for fields whose schema has none of its own; zod's would speak of types and undefined.
import { z } from "zod";

export const fieldSentence: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === "invalid_type") return issue.input === undefined ? missing(issue) : "This cannot be used here.";
  if (issue.code === "invalid_value")
    return issue.input === undefined ? "Choose one." : "Choose one of the values offered.";
  if (issue.code === "invalid_format")
    return issue.format === "email" ? "Write an e-mail address." : "This is not written as it should be.";
  if (issue.code === "too_big") return `Use at most ${amount(issue.maximum, issue.origin)}.`;
  if (issue.code === "too_small") return `Use at least ${amount(issue.minimum, issue.origin)}.`;
  return "This cannot be used here.";
};

/** Conform takes an empty field out, so what the schema says of an empty text is what to say here. */
function missing({ inst }: z.core.$ZodRawIssue): string {
  const read = inst instanceof z.ZodString ? inst.safeParse("", { error: fieldSentence }) : undefined;
  return read?.error?.issues[0]?.message ?? "Fill this in.";
}

function amount(count: number | bigint, origin: string): string {
  if (origin === "string") return count === 1 ? "1 character" : `${count} characters`;
  return origin === "array" || origin === "set" ? `${count} of them` : String(count);
}
