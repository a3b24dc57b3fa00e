// The lines of the audit log. Narrow screens tell of each in small print what has no column there.
import { Badge } from "./badge";
import { Cell, Row, Table, type Column } from "./table";
import { Time } from "./time";

export interface ShownLine {
  id: string;
  at: Date | string;
  actorName: string;
  actorEmail: string | null;
  action: string;
  targetName: string | null;
  from: string | null;
  to: string | null;
  result: "done" | "asked" | "failed" | "refused";
  resultInWords: string;
  reason: string | null;
  times: number;
  address: string | null;
  userAgent: string | null;
}

const columns: Column[] = [
  { name: "When", width: "w-46", spare: "xl" },
  { name: "Who, from where", width: "w-28 lg:w-40", spare: true },
  { name: "Did what" },
  { name: "To whom or what", width: "w-36 lg:w-44", spare: true },
  { name: "From → to", width: "w-44", spare: "xl" },
];

export function AuditTable({ lines }: { lines: ShownLine[] }) {
  return (
    <Table caption="Audit log, newest first" columns={columns}>
      {lines.map((line) => (
        <Line key={line.id} line={line} />
      ))}
    </Table>
  );
}

function Line({ line }: { line: ShownLine }) {
  const { at, actorName, actorEmail, action, targetName } = line;
  return (
    <Row>
      <Cell spare="xl" className="text-sm text-muted">
        <Time at={at} />
      </Cell>
      <Cell spare className="wrap-anywhere">
        <p title={actorEmail ?? undefined}>{actorName}</p>
        <Whence line={line} />
      </Cell>
      <Cell className="wrap-anywhere">
        <p className="font-medium">{action}</p>
        <Result line={line} />
        <div className="mt-1 grid gap-0.5 text-xs text-muted xl:hidden">
          <p className="sm:hidden">
            {actorName}
            {targetName && `: ${targetName}`}
          </p>
          <p>
            <Change line={line} />
          </p>
          <Time at={at} />
          <div className="sm:hidden">
            <Whence line={line} />
          </div>
        </div>
      </Cell>
      <Cell spare className="wrap-anywhere">
        {targetName}
      </Cell>
      <Cell spare="xl" className="wrap-anywhere">
        <Change line={line} />
      </Cell>
    </Row>
  );
}

function Whence({ line: { address, userAgent } }: { line: ShownLine }) {
  if (!address) return null;
  return (
    <p title={userAgent ?? undefined} className="text-xs text-muted">
      <span className="sr-only">from </span>
      {address}
    </p>
  );
}

const tones = { done: "success", asked: "neutral", failed: "danger", refused: "warning" } as const;

function Result({ line: { result, resultInWords, reason, times } }: { line: ShownLine }) {
  if (result === "done") return null;
  return (
    <p className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <Badge tone={tones[result]}>
        {resultInWords}
        {times > 1 && ` ${times} times`}
      </Badge>
      {reason && <span className="text-xs text-muted">{reason}</span>}
    </p>
  );
}

/** An arrow for the eye, words for a screen reader. */
function Change({ line: { from, to } }: { line: ShownLine }) {
  if (from && to)
    return (
      <>
        <span className="sr-only">from </span>
        {from} <span aria-hidden="true">→</span> <span className="sr-only">to </span>
        {to}
      </>
    );
  return from || to;
}
