// Bodies, page parameters and their refusals, in the shape of Logto's guard.
import type { z } from "zod";
import { LogtoError } from "../errors";
import type { Page } from "./api";

// Logto still reports the issue codes of zod 3.
const codes: Record<string, string> = { invalid_format: "invalid_string", invalid_value: "invalid_enum_value" };

function typeAt(input: unknown, path: readonly PropertyKey[]): string {
  let value = input;
  for (const key of path) {
    value = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function describe(issue: z.core.$ZodIssue, input: unknown) {
  const code = codes[issue.code] ?? issue.code;
  const { path } = issue;
  if (issue.code !== "invalid_type") return { issue: { code, path, message: issue.message }, text: issue.message };
  const received = typeAt(input, issue.path);
  const { expected } = issue;
  const message = received === "undefined" ? "Required" : `Expected ${expected}, received ${received}`;
  return { issue: { code, expected, received, path, message }, text: `Expected ${expected} but received ${received}.` };
}

/** 400 `guard.invalid_input`, with the issues of zod and a sentence for each. */
export function invalid(error: z.ZodError, input: unknown): LogtoError {
  const described = error.issues.map((issue) => describe(issue, input));
  const sentences = described.map(
    ({ issue, text }) => `Error in key path "${issue.path.join(".")}": (${issue.code}) ${text}`,
  );
  return new LogtoError(400, "guard.invalid_input", {
    data: { issues: described.map(({ issue }) => issue), name: "ZodError" },
    details: sentences.join("\n"),
  });
}

/** The value as the schema reads it. @throws LogtoError 400 `guard.invalid_input` */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const result = schema.safeParse(input);
  if (!result.success) throw invalid(result.error, input);
  return result.data;
}

/** `page` from 1, `page_size` from 1 to 100. @throws LogtoError 400 `guard.invalid_pagination` */
export function pageOf(query: URLSearchParams, paged: "always" | "asked" | "never"): Page | undefined {
  if (paged === "never") return undefined;
  const [number, size] = [query.get("page"), query.get("page_size")];
  if (paged === "asked" && number === null && size === null) return undefined;
  const whole = (text: string | null, fallback: number) =>
    text === null ? fallback : /^\d+$/.test(text) ? Number(text) : 0;
  const page = { number: whole(number, 1), size: whole(size, 20) };
  if (page.number < 1 || page.size < 1 || page.size > 100) throw new LogtoError(400, "guard.invalid_pagination");
  return page;
}

/** The Link header; Logto leaves `/api` out of its URLs. */
export function linkHeader(url: URL, page: Page, total: number): string {
  const last = Math.max(1, Math.ceil(total / page.size));
  const link = (relation: string, number: number) => {
    const target = new URL(url);
    target.pathname = target.pathname.replace(/^\/api/, "");
    target.searchParams.set("page", String(number));
    return `<${target.href}>; rel="${relation}"`;
  };
  return [
    link("first", 1),
    ...(page.number > 1 ? [link("prev", Math.min(page.number - 1, last))] : []),
    ...(page.number < last ? [link("next", page.number + 1)] : []),
    link("last", last),
  ].join(", ");
}

/** A PATCH that names nothing it knows is refused. @throws LogtoError 422 `entity.invalid_input` */
export function refuseNothing(changes: object): void {
  if (Object.values(changes).every((value) => value === undefined)) throw new LogtoError(422, "entity.invalid_input");
}
