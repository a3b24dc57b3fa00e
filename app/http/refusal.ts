// What a person is told when a request is refused: one type from the server to the page that shows it.

/** What was typed, so that the refusing page can offer it again: where the form went, and its fields in order. */
export type Kept = { action: string; fields: [name: string, value: string][] };

export type Refusal = {
  status: number;
  title: string;
  /** What happened. */
  sentence: string;
  /** What to do now. */
  next: string;
  kept?: Kept;
} & (
  | { kind: "not-found" }
  | { kind: "forbidden" }
  | { kind: "stale-organization"; page: { id: string; name?: string }; session: { id: string; name: string } }
  | { kind: "signed-out" }
  | { kind: "access-changed" }
  | { kind: "removed"; organizationName: string }
  | { kind: "policy-refused"; organizationName: string }
  | { kind: "unavailable"; retryAfter: number }
  | { kind: "too-many"; retryAfter: number }
  | { kind: "bad-request" }
  | { kind: "precondition-missing" }
  | { kind: "foreign-origin" }
  | { kind: "too-large" }
  | { kind: "unsupported-type" }
  | { kind: "unsupported-method" }
  | { kind: "unexpected"; requestId: string }
);

/** Whether an error response's body is one of ours. The page still asks for `kind`. */
export function isRefusal(value: unknown): value is Refusal {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    "status" in value &&
    "sentence" in value &&
    typeof value.kind === "string" &&
    typeof value.status === "number" &&
    typeof value.sentence === "string"
  );
}
