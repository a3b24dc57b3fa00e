// An operation as requests: every way to ask for it, and what its answers mean.
import { policy, type Operation, type OperationName } from "../../app/auth/policy";
import { organizationField, organizationHeader, paths } from "../../app/paths";
import { header, type Answer } from "../http/ask";
import { formFor, pathOf, routeOf, type Ids } from "../http/operations";
import { addressOf, type Visitor } from "../http/visitor";
import type { Evidence } from "./part";

/** A page, its data, the data of the route alone (which no parent's guard protects), and the page's headers alone. */
export type Transport = "document" | "data" | "route" | "head";

type Named = Record<string, string>;

export interface Sending {
  method: string;
  target: string;
  headers: Named;
  body?: string;
}

/**
 * `page`: 200. `done`: a form was accepted, and leads on. `leads on`: to a page that fits better. `forbidden`: 403. `nothing`: 404. `sign in`: a page
 * leads to the sign-in, data and forms get 401. `mistaken`: 400 or 422, with the right to do it. `refused`: 409, a rule is against it. `answered`: a form was
 * accepted, and its page says what became of it. `told so`: the page says that nothing did. `no longer`: 410.
 */
export const outcomes = [
  "page",
  "done",
  "leads on",
  "answered",
  "told so",
  "mistaken",
  "refused",
  "forbidden",
  "nothing",
  "no longer",
  "sign in",
] as const;
export type Outcome = (typeof outcomes)[number];

/** Whoever gets one of these has been let in; the others have been kept out. */
export const isLetIn = (outcome: Outcome) => !["forbidden", "nothing", "no longer", "sign in"].includes(outcome);
/** These change what is stored. */
export const changes = (outcome: Outcome) => outcome === "done" || outcome === "answered";

export const isRead = (operation: OperationName) => policy[operation].method === "GET";
const isOfServer = (operation: OperationName) => (policy[operation] as Operation).route === "server";

export function transportsOf(operation: OperationName): Transport[] {
  if (isOfServer(operation)) return isRead(operation) ? ["document", "head"] : ["document"];
  return isRead(operation) ? ["document", "data", "route", "head"] : ["document", "data"];
}

export interface Extra {
  query?: Record<string, string>;
  headers?: Record<string, string>;
  fields?: Record<string, string>;
}

/** The operation as this visitor's page asks for it. */
export function sendingOf(
  { organization }: Visitor,
  origin: string,
  operation: OperationName,
  ids: Ids,
  transport: Transport,
  extra: Extra = {},
): Sending {
  const path = withQuery(placeOf(operation, ids), extra.query);
  const asData = transport === "data" || transport === "route";
  const page: Named = asData && organization ? { [organizationHeader]: organization.id } : {};
  const accept = { Accept: asData ? "*/*" : "text/html,application/xhtml+xml,*/*;q=0.8" };
  const headers = { ...accept, ...page, ...extra.headers };
  if (isRead(operation)) {
    const target = addressOf(
      transport === "route" ? withQuery(path, { _routes: routeOf(operation) }) : path,
      asData ? "data" : "document",
    );
    return { method: transport === "head" ? "HEAD" : "GET", target, headers };
  }
  const whose: Named = organization ? { [organizationField]: organization.id } : {};
  const body = new URLSearchParams({ ...whose, ...formFor(operation, ids), ...extra.fields }).toString();
  if (operation === "webhooks.logto") return webhookSending(path, headers);
  const type = "application/x-www-form-urlencoded";
  return {
    method: "POST",
    target: addressOf(path, asData ? "data" : "document"),
    headers: { Origin: origin, "Content-Type": type, ...headers },
    body,
  };
}

/** Of somebody whom the app does not know. */
function webhookSending(target: string, headers: Named): Sending {
  const event = { event: "User.Data.Updated", createdAt: new Date().toISOString(), data: { id: "nobody" } };
  return {
    method: "POST",
    target,
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify(event),
  };
}

function placeOf(operation: OperationName, ids: Ids): string {
  if (operation === "not-found") return "/no/such/page";
  return operation === "organizations.first" ? paths.firstOrganization : pathOf(operation, ids);
}

function withQuery(path: string, query: Record<string, string> = {}): string {
  const asked = new URLSearchParams(query).toString();
  if (!asked) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${asked}`;
}

export function outcomeOf(
  { status, text, headers }: Answer,
  operation: OperationName,
  transport: Transport,
): Outcome | number {
  const asData = transport === "data" || transport === "route";
  const leadsOn = status === (asData ? 202 : 302);
  const place = asData ? text : (headers.find(([name]) => name === "location")?.[1] ?? "");
  if (status === 401 || (leadsOn && place.includes(paths.signIn("/")))) return "sign in";
  if (leadsOn) return "leads on";
  if ((status === 200 || status === 204) && !isRead(operation)) return "answered";
  const known: Record<number, Outcome> = {
    200: "page",
    400: "mistaken",
    403: "forbidden",
    404: "nothing",
    409: "refused",
    410: "no longer",
    422: "mistaken",
  };
  return known[status] ?? status;
}

/** What an answer shows of an outcome: that a form was taken is seen by where it leads. */
export function shown(outcome: Outcome): Outcome {
  if (outcome === "done") return "leads on";
  return outcome === "told so" ? "answered" : outcome;
}

/** Body and headers, with which a leak could come. */
export function wholeOf({ status, headers, text }: Answer): string {
  return [`HTTP ${status}`, ...headers.map(([name, value]) => `${name}: ${value}`), "", text].join("\n");
}

/** For whoever doubts it: what was asked, what came, and how to ask again. */
export function evidenceOf(who: string, sending: Sending, answer: Answer, baseUrl: string): Evidence {
  const kept = ["content-type", "location", "cache-control", "x-atrium-stale", "x-request-id"];
  const headers = kept.flatMap((name) => (header(answer, name) ? [`${name}: ${header(answer, name)}`] : []));
  const { method, target, body } = sending;
  return {
    what: `${who}: ${method} ${target}${body ? ` with ${body}` : ""}`,
    text: [`HTTP ${answer.status}`, ...headers, "", excerpt(answer.text)].join("\n"),
    curl: curlOf(who, sending, baseUrl),
  };
}

function excerpt(text: string): string {
  const said = text
    .replace(/<(script|style|svg)\b.*?<\/\1>/gs, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return said.length > 240 ? `${said.slice(0, 240)} …` : said;
}

function curlOf(who: string, { method, target, headers, body }: Sending, baseUrl: string): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const told = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const verb = method === "HEAD" ? "-I" : `-X ${method}`;
  const parts = ["curl", "-i", verb, ...told, `-H ${quoted(`Cookie: <the session of ${who}>`)}`];
  return [...parts, ...(body ? [`--data-raw ${quoted(body)}`] : []), quoted(baseUrl + target)].join(" ");
}
