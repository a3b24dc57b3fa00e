// Sends attempts at a form, one after the other, and holds each to what it may do: to its answer, to the rows, and to everybody else's.
import fc from "fast-check";
import { policy, type OperationName } from "../../../app/auth/policy";
import { organizationField, organizationHeader } from "../../../app/paths";
import { header, type Answer, type Asking } from "../ask";
import type { PlainDatabase, Own } from "../database";
import { canary } from "../log";
import { pathOf, type Ids } from "../operations";
import { expectSafePage } from "../safe-page";
import { expect } from "../suite";
import { addressOf, type Visitor } from "../visitor";
import { attemptsAt, type Attempt, type Form, type Kind } from "./attempts";
import { encode, type Field } from "./encoding";

export interface Target {
  operation: OperationName;
  /** Where the form is sent, if that is not the operation's path. */
  path?: string;
  form: Form;
  visitor: Visitor;
  baseUrl: string;
  database: PlainDatabase;
  /** What the visitor may change; nothing else in the file may. */
  own: Own;
  /** Ids that are somebody else's, and those of organizations among them. */
  loot: string[];
  foreign: string[];
  /** A record that wrong attempts aim at. */
  ids: Ids;
  /** After a right attempt: what is there must be what it says, and nothing that the extra fields say. */
  taken(attempt: Attempt, send: (attempt: Attempt, ids: Ids) => Promise<Answer>): Promise<Answer>;
}

export type Tally = Record<Kind, Record<number, number>>;

/** @returns how often each kind of attempt got which status. */
export async function fuzz(target: Target, runs: number): Promise<Tally> {
  const { database, own, visitor } = target;
  const tally = {} as Tally; // filled kind by kind below
  const send = (attempt: Attempt, ids: Ids) => visitor.send(...requestOf(target, attempt, ids));
  const others = database.checksumBeside(own);

  const property = fc.asyncProperty(attemptsAt(target.form, target), async (attempt) => {
    const isRight = attempt.statuses === undefined;
    const before = database.checksumBeside({ organizations: [] });
    const answer = isRight ? await target.taken(attempt, send) : await send(attempt, attempt.ids ?? target.ids);
    const counts = (tally[attempt.kind] ??= {});
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;

    expect(attempt.statuses ?? [attempt.as === "data" ? 202 : 302], answer.text.slice(0, 300)).toContain(answer.status);
    if (answer.status >= 400)
      expect(database.checksumBeside({ organizations: [] }), "nothing was written").toBe(before);
    expect(database.checksumBeside(own), "everybody else's rows").toBe(others);
    if (header(answer, "content-type").startsWith("text/html")) expectSafePage(answer);
  });
  await fc.assert(property, { numRuns: runs });
  return tally;
}

/** Of all runs, the share in which attempts of this kind got this status. */
export function share(tally: Tally, kind: Kind, ...statuses: number[]): number {
  const all = Object.values(tally).flatMap((counts) => Object.values(counts));
  const these = statuses.map((status) => tally[kind]?.[status] ?? 0);
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  return sum(these) / sum(all);
}

function requestOf(
  { operation, path, visitor, baseUrl, foreign }: Target,
  attempt: Attempt,
  ids: Ids,
): [string, Asking] {
  const {
    as,
    encoding,
    page,
    organization = visitor.organization?.id ?? foreign[0] ?? "",
    fields,
    extras,
    spoil,
    raw,
  } = attempt;
  const inField: Field[] = page === "in the field" || page === "in both" ? [[organizationField, organization]] : [];
  const inHeader: Record<string, string> =
    page === "in the header" || page === "in both" ? { [organizationHeader]: organization } : {};
  const whole = encode([...inField, ...fields, ...extras], encoding);
  const { headers, body } = raw
    ? { headers: { "Content-Type": raw.type }, body: raw.body }
    : (spoil?.spoil(whole) ?? whole);
  const address = addressOf(path ?? pathOf(operation, ids), as);
  const asking = {
    method: policy[operation].method,
    headers: { Origin: baseUrl, Accept: "text/html", "X-Note": canary, ...inHeader, ...headers },
    body,
  };
  return [`${address}${address.includes("?") ? "&" : "?"}note=${canary}`, asking];
}
