// What pages listen to, outside Remix: the stream of events, and the word of a page that it has read a change.
import { Router, type Request, type RequestHandler, type Response as Answer } from "express";
import { z } from "zod";
import type { Auth } from "./auth/auth.server";
import type { Asked } from "./auth/guards.server";
import { parseForm } from "./http/form.server";
import { isRefusal } from "./http/refusal";
import { refuse } from "./http/refuse.server";
import { badRequest } from "./http/sentences";
import { endAtOnce, type End, type Streams } from "./live/streams.server";
import type { Landed } from "./models/landed.server";
import { paths } from "./paths";

export interface EventsOptions {
  auth: Pick<Auth, "guards" | "sessions">;
  streams: Streams;
  landed: Landed;
  /** What the guards and the forms need to know of a request. */
  requestOf(request: Request, answer: Answer): { asked: Asked; fields(): Promise<FormData> };
}

export function eventRoutes({ auth, streams, landed, requestOf }: EventsOptions): Router {
  const routes = Router({ caseSensitive: true, strict: true });

  async function listen(request: Request, answer: Answer): Promise<void> {
    const query = new URLSearchParams(request.originalUrl.split("?", 2)[1]);
    const [page, ...others] = query.getAll("page");
    if (!page || others.length > 0) return refuse(request, answer, badRequest("It is not said whose page listens."));
    const { asked } = requestOf(request, answer);
    const guards = auth.guards({ ...asked, transport: "data", pageOrganization: async () => page });
    const refused = await guards.requireMember("events.listen").then(() => undefined, ifResponse);
    const isListener = request.method === "GET" && /\btext\/event-stream\b/.test(request.get("accept") ?? "");
    if (!isListener)
      return refused ? pass(refused, request, answer) : refuse(request, answer, badRequest(needsListener));
    const why = refused && ends[refused.status];
    if (why) return endAtOnce(answer, why);
    if (refused && refused.status !== unavailable) return pass(refused, request, answer);

    const session = await auth.sessions.read(asked.cookie);
    if (!session) return endAtOnce(answer, "signed-out");
    const said = (name: string) => (/^\d{1,15}$/.test(query.get(name) ?? "") ? Number(query.get(name)) : undefined);
    const readAt = said("readAt");
    streams.open(
      {
        ...{ session: session.idHash, user: session.userId, organization: page, seen: said("seen") },
        ...(readAt !== undefined && { readAt: new Date(readAt) }),
      },
      answer,
    );
  }

  async function confirm(request: Request, answer: Answer): Promise<void> {
    const { asked, fields } = requestOf(request, answer);
    const { person, organization } = await auth.guards(asked).requireMember("events.confirm");
    const form = parseForm(await fields(), Confirmation);
    if (!form.ok) return refuse(request, answer, badRequest("It is not said which change was read, or by which page."));
    const { change, tab } = form.value;
    const page = `${person.session.idHash} ${tab}`;
    landed.confirm(change, { user: person.id, organizationId: organization.id, page });
    answer.status(204).end();
  }

  routes.get(paths.events, answering(listen));
  routes.post(paths.confirmEvent, answering(confirm));
  return routes;
}

const Confirmation = z.object({ change: z.string().min(1).max(64), tab: z.string().min(1).max(64) });

const needsListener = "This address is a stream of events (text/event-stream), which pages listen to.";

/** A page cannot read the status of a stream that is refused, so it is told by an event. While Logto is away, it waits with the others. */
const ends: Record<number, End> = {
  302: "removed",
  401: "signed-out",
  403: "removed",
  404: "removed",
  409: "switched",
};
const unavailable = 503;

function answering(run: (request: Request, answer: Answer) => Promise<void>): RequestHandler {
  return (request, answer, next) => {
    run(request, answer)
      .catch(async (thrown: unknown) => pass(ifResponse(thrown), request, answer))
      .catch(next);
  };
}

function ifResponse(thrown: unknown): Response {
  if (thrown instanceof Response) return thrown;
  throw thrown;
}

/** What a guard has thrown, for whoever it refuses. */
async function pass(thrown: Response, request: Request, answer: Answer): Promise<void> {
  const location = thrown.headers.get("Location");
  if (location) return answer.redirect(thrown.status, location);
  const refusal: unknown = await thrown.json();
  if (!isRefusal(refusal)) throw new Error("A guard has thrown what is no refusal");
  refuse(request, answer, refusal);
}
