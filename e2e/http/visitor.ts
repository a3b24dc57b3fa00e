// Somebody's session, as the requests that the pages of one organization send with it.
import { organizationField, organizationHeader, paths } from "../../app/paths";
import type { Organization, Person } from "../operator";
import { Walker } from "../walker";
import { ask, type Answer, type Asking } from "./ask";

/** `document`: a page. `data`: what the page in the browser asks for by itself. */
export type Transport = "document" | "data";
export const transports: Transport[] = ["document", "data"];

export type Fields = [name: string, value: string][];

export interface Visitor {
  name: string;
  /** "" for whoever is signed out. */
  email: string;
  /** The session's cookie header; "" for whoever is signed out. */
  cookie: string;
  /** Where the session is; undefined for whoever is signed out. */
  organization: Organization | undefined;
  send(target: string, asking?: Asking): Promise<Answer>;
  /** Asks for a page, or for its data. */
  read(path: string, transport?: Transport, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a form of a page of `page`, by default the session's organization; null: of a page that does not say. */
  submit(path: string, fields?: Record<string, string> | Fields, form?: FormOptions): Promise<Answer>;
}

export interface FormOptions {
  as?: Transport;
  page?: string | null;
  headers?: Record<string, string>;
}

export function createVisitor(
  baseUrl: string,
  { name, email = "", cookie = "", organization }: Partial<Visitor> & { name: string },
  sending: (target: string, asking: Asking) => Promise<Answer> = (target, asking) => ask(baseUrl, target, asking),
): Visitor {
  const send = (target: string, { headers, ...asking }: Asking = {}) =>
    sending(target, { ...asking, headers: { ...(cookie && { Cookie: cookie }), ...headers } });

  return {
    name,
    email,
    cookie,
    organization,
    send,
    read(path, transport = "document", headers = {}) {
      const page = transport === "data" && organization?.id;
      return send(addressOf(path, transport), {
        headers: { ...accepting[transport], ...(page && { [organizationHeader]: page }), ...headers },
      });
    },
    submit(path, fields = {}, { as = "document", page = organization?.id ?? null, headers = {} } = {}) {
      const typed = Array.isArray(fields) ? fields : Object.entries(fields);
      const whose: Fields = page === null ? [] : [[organizationField, page]];
      return send(addressOf(path, as), {
        method: "POST",
        headers: {
          ...accepting[as],
          Origin: new URL(baseUrl).origin,
          "Content-Type": "application/x-www-form-urlencoded",
          ...(as === "data" && page !== null && { [organizationHeader]: page }),
          ...headers,
        },
        body: new URLSearchParams([...whose, ...typed]).toString(),
      });
    },
  };
}

/** Through the real door, then into that organization, which from now on has their name. */
export async function enter(baseUrl: string, person: Person, organization: Organization): Promise<Visitor> {
  const walker = new Walker(baseUrl);
  await walker.signIn(person);
  const moved = await walker.post(paths.switchOrganization, { organization: organization.id });
  if (moved.status !== 302) throw new Error(`${person.name} could not enter ${organization.name}: ${moved.status}`);
  const seen = await walker.get(paths.posts);
  if (seen.status !== 200) throw new Error(`${person.name} is not let into ${organization.name}: ${seen.status}`);
  return createVisitor(baseUrl, { ...person, cookie: walker.cookies(baseUrl), organization });
}

/** Remix has the data of `/posts` at `/posts.data`, and of `/` at `/_root.data`. */
export function addressOf(path: string, transport: Transport): string {
  if (transport === "document") return path;
  const [page = "", query] = path.split("?", 2);
  return `${page === "/" ? "/_root" : page}.data${query === undefined ? "" : `?${query}`}`;
}

const accepting: Record<Transport, Record<string, string>> = {
  document: { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" },
  data: { Accept: "*/*" },
};
