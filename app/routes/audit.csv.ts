// audit.csv — the filtered audit log as a table for a spreadsheet.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { csvMark, csvRow } from "../http/csv.server";
import { download } from "../http/download.server";
import { badRequest } from "../http/responses.server";
import { readAuditFilter } from "../models/audit-filter.server";
import { readAudit } from "../models/audit-log.server";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { scope, organization } = await context.requireMember("audit.csv");
  const search = new URL(request.url).searchParams;
  const read = readAuditFilter((name) => search.get(name));
  if (!read.ok) throw badRequest(Object.values(read.faults).join(" "));
  if (!context.isDocument) return null; // a page has no use for the file
  const { drained } = context;
  const pieces = table(readAudit(scope, read.filter));
  return download({ name: `${organization.name}-audit-log.csv`, type: "text/csv; charset=utf-8", pieces, drained });
}

const columns = [
  ...["at", "actorName", "actorEmail", "action", "targetType", "targetName", "targetId"],
  ...["from", "to", "result", "reason", "times", "address", "userAgent", "correlationId"],
] as const;

async function* table(read: ReturnType<typeof readAudit>): AsyncGenerator<string> {
  yield csvMark + csvRow(columns);
  for await (const lines of read)
    yield lines
      .map(({ at, ...line }) => ({ ...line, at: at.toISOString() }))
      .map((line) => csvRow(columns.map((name) => line[name as keyof typeof line])))
      .join("");
}
