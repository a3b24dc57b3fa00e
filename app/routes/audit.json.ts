// audit.json — the filtered audit log as a JSON array, for another program.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { download } from "../http/download.server";
import { badRequest } from "../http/responses.server";
import { readAuditFilter } from "../models/audit-filter.server";
import { readAudit } from "../models/audit-log.server";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { scope, organization } = await context.requireMember("audit.json");
  const search = new URL(request.url).searchParams;
  const read = readAuditFilter((name) => search.get(name));
  if (!read.ok) throw badRequest(Object.values(read.faults).join(" "));
  if (!context.isDocument) return null; // a page has no use for the file
  const { drained } = context;
  const pieces = array(readAudit(scope, read.filter));
  return download({
    name: `${organization.name}-audit-log.json`,
    type: "application/json; charset=utf-8",
    pieces,
    drained,
  });
}

async function* array(read: ReturnType<typeof readAudit>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const lines of read)
    for (const line of lines) {
      yield before + JSON.stringify(line);
      before = ",\n";
    }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}
