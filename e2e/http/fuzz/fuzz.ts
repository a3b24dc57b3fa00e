// Sends attempts at a form, one after the other, and holds each to what it may do: to its answer, to the rows, and to everybody else's.
import fc from "fast-check";
import type { OperationName } from "../../../app/auth/policy";
import { organizationField, organizationHeader } from "../../../app/paths";
import { header, type Answer, type Asking } from "../ask";
import type { Own, PlainDatabase } from "../database";
import { canary } from "../log";
import { pathOf, type Ids } from "../operations";
import { expectSafePage } from "../safe-page";
import { expect } from "../suite";
import { addressOf, type Visitor } from "../visitor";
import { attemptsAt, type Attempt, type Form, type Kind } from "./attempts";
import { encode, type Field } from "./encoding";

export interface Target {
  operation: OperationName;
  form: Form;
  visitor: Visitor;
  baseUrl: string;
  database: PlainDatabase;
  /** What the visitor may change as things are now; nothing else in the file may change. */
  own(): Own;
  /** Ids that are somebody else's. */
  loot: string[];
  /** Organizations where the session is not. */
  foreign: string[];
  /** The record that wrong attempts aim at. */
  ids: Ids;
  /** Every other attempt writes nothing, also where the answer leads on as a right one's does. */
  onlyRightWrites?: boolean;
  /** What no answer may hold. */
  hidden?: string[];
  /** Sends a right attempt and looks at what it wrote. @returns its answer */
  taken(attempt: Attempt, send: (attempt: Attempt, ids: Ids) => Promise<Answer>): Promise<Answer>;
}

export type Tally = Partial<Record<Kind, Record<number, number>>>;

/** @returns how often each kind of attempt got which status. */
export async function fuzz(target: Target, runs: number): Promise<Tally> {
  const { database, own, visitor, onlyRightWrites, hidden = [] } = target;
  const tally: Tally = {};
  const send = (attempt: Attempt, ids: Ids) => visitor.send(...requestOf(target, attempt, ids));
  const others = database.checksumBeside(own());
  /** Everything but the log, which tells of refusals too. */
  const rows = () => database.checksumBeside({ organizations: [], logsOf: own().organizations });

  const property = fc.asyncProperty(attemptsAt(target.form, target), async (attempt) => {
    const { kind, as, ids = target.ids } = attempt;
    const before = rows();
    const answer = kind === "right" ? await target.taken(attempt, send) : await send(attempt, ids);
    const counts = (tally[kind] ??= {});
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;

    const statuses = attempt.statuses ?? [as === "data" ? 202 : 302];
    expect(statuses, answer.text.slice(0, 300)).toContain(answer.status);
    if (answer.status >= 400 || (onlyRightWrites && kind !== "right"))
      expect(rows(), "nothing was written").toBe(before);
    expect(database.checksumBeside(own()), "everybody else's rows").toBe(others);
    const whole = JSON.stringify(answer.headers) + answer.text;
    expect(hidden.filter((secret) => whole.includes(secret))).toEqual([]);
    if (keepsTyped(target, attempt, answer)) expect(answer.text, "what was typed is kept").toContain(canary);
    if (header(answer, "content-type").startsWith("text/html")) expectSafePage(answer);
  });
  // What a right attempt has used up is not there for a smaller one.
  await fc.assert(property, { numRuns: runs, endOnFailure: onlyRightWrites });
  return tally;
}

/** Of the texts that may hold the canary, in a form that could be read and was not right. A field inside another takes its place. */
function keepsTyped({ form }: Target, { kind, fields, page, as }: Attempt, { status }: Answer): boolean {
  const typed = fields.some(
    ([name, value]) => form.names.includes(name) && typeof value === "string" && value.includes(canary),
  );
  const isPlain = fields.every(([name]) => form.names.includes(name));
  const isShown = kind === "refused" ? status === 422 : kind === "of another page";
  return typed && isPlain && isShown && (as === "data" || page !== "in the header");
}

/** Of all runs, the share in which attempts of this kind got one of these statuses. */
export function share(tally: Tally, kind: Kind, ...statuses: number[]): number {
  const all = Object.values(tally).flatMap((counts) => Object.values(counts));
  return sum(statuses.map((status) => tally[kind]?.[status] ?? 0)) / sum(all);
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

function requestOf({ operation, visitor, baseUrl }: Target, attempt: Attempt, ids: Ids): [string, Asking] {
  const { as, encoding, page, fields, extras, spoil, raw } = attempt;
  const organization = attempt.organization ?? visitor.organization?.id ?? "";
  const isIn = (place: Attempt["page"]) => page === place || page === "in both";
  const inField: Field[] = isIn("in the field") ? [[organizationField, organization]] : [];
  const whole = encode([...inField, ...fields, ...extras], encoding);
  const spoilt = raw ? { headers: { "Content-Type": raw.type }, body: raw.body } : (spoil?.spoil(whole) ?? whole);
  const address = addressOf(pathOf(operation, ids), as);
  const headers = {
    Origin: baseUrl,
    Accept: "text/html",
    "X-Note": canary,
    ...(isIn("in the header") && { [organizationHeader]: organization }),
    ...spoilt.headers,
  };
  const query = `${address.includes("?") ? "&" : "?"}note=${canary}`;
  return [address + query, { method: "POST", headers, body: spoilt.body }];
}
