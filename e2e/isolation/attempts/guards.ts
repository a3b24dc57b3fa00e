// Each operation of the policy, asked for by whoever may not: without a session, from a page of another organization, after leaving, without the permission.
import { policy, type Operation, type OperationName } from "../../../app/auth/policy";
import { organizationHeader, paths } from "../../../app/paths";
import { header, type Answer } from "../../http/ask";
import { routeOf } from "../../http/operations";
import type { Visitor } from "../../http/visitor";
import { holds, minute, status, type Attempt, type Scene } from "./attempt";

const never = "never-existed-22-chars";
/** What is beside Remix and asks for nobody in particular has no guard. */
const operations = (Object.entries(policy) as [OperationName, Operation][]).filter(
  ([name, { route, permission }]) => name !== "root" && (route !== "server" || permission.includes(":")),
);
const isOfMembers = ([, { permission }]: [OperationName, Operation]) => permission.includes(":");

/** Of nothing: whoever is let in finds nothing there, and changes nothing. */
function pathFor(operation: OperationName): string {
  if (operation === "not-found") return "/no/such/page";
  if (operation === "organizations.first") return paths.firstOrganization;
  return policy[operation].path.replaceAll(/:token/g, `${never}.${never}`).replaceAll(/:\w+/g, never);
}

const isBesideRemix = (operation: OperationName) => policy[operation].route === "server";

/** From a page of `page`, by default of where the visitor is. */
function asks(visitor: Visitor, operation: OperationName, page = visitor.organization?.id): Promise<Answer> {
  const path = pathFor(operation);
  // Without being a listener: the answer to one never ends.
  if (operation === "events.listen") return visitor.read(`${path}?page=${page ?? never}`);
  const as = isBesideRemix(operation) ? "document" : "data";
  if (policy[operation].method === "POST") return visitor.submit(path, {}, { as, page: page ?? null });
  const alone = isBesideRemix(operation) ? path : `${path}?_routes=${encodeURIComponent(routeOf(operation))}`;
  return visitor.read(alone, "data", page ? { [organizationHeader]: page } : {});
}

const isStale = (answer: Answer) => answer.status === 409 && header(answer, "x-atrium-stale") === "organization";
const leadsTo = (answer: Answer, place: RegExp) =>
  answer.status === 202 ? place.test(answer.text) : place.test(`"${header(answer, "location")}"`);

/** By a guard, and not by what comes after it. */
const isRefused = (answer: Answer) =>
  [401, 403].includes(answer.status) || isStale(answer) || leadsTo(answer, /"\/organizations"|"\/auth\//);

async function letsIn(what: string, asked: Promise<Answer>, operation?: OperationName): Promise<void> {
  const answer = await asked;
  const leadsBack = operation === "organizations.first" && answer.status === 202; // to the list that it is on
  holds(`${what} is refused`, leadsBack || !isRefused(answer), answer);
  holds(`${what} is a bug`, answer.status < 500, answer);
}

const withoutSession = operations
  .filter(([, { permission }]) => permission !== "anyone")
  .map(([operation]): Attempt => ({
    operation,
    step: "session",
    title: `Nobody gets to ${operation} without a session.`,
    async run({ nobody, ada }) {
      const answer = await asks(nobody, operation);
      holds("Whoever is signed out is let in", answer.status === 401, answer);
      await letsIn("Ada (Admin)", asks(ada, operation), operation);
    },
  }));

const fromElsewhere = operations
  .filter(([, { method, permission }]) => method === "GET" || permission.includes(":"))
  .map(([operation, { method }]): Attempt => ({
    operation,
    step: "page",
    title: `A page of another organization cannot ask for ${operation}.`,
    async run({ house, ada, eve }) {
      const page = house.organizations.elsewhere;
      const answer = await asks(ada, operation, page);
      holds("A page of another organization is let in", isStale(answer), answer);
      await letsIn("Eve, whose page it is,", asks(eve, operation), operation);
      if (method === "GET") return;
      const silent = await ada.submit(pathFor(operation), {}, { page: null });
      holds("A form that does not say whose it is is let in", silent.status === 428, silent);
    },
  }));

const afterLeaving = operations.filter(isOfMembers).map(([operation]): Attempt => ({
  operation,
  step: "membership",
  title: `Whoever was removed at Logto does not get to ${operation}.`,
  async run(scene: Scene) {
    const { house, ada } = scene;
    await letsIn("Ada (Admin)", asks(ada, operation), operation);
    scene.app.restore();
    await house.resetLogto();
    await house.ground.removeMember(house.organizations.a, house.people.ada);
    scene.pass(2 * minute);
    const answer = await asks(ada, operation);
    holds("Ada, who was removed, is let in", isRefused(answer), answer);
  },
}));

const withoutPermission = operations.filter(isOfMembers).map(([operation, { permission }]): Attempt => ({
  operation,
  step: "permission",
  title: `Gus, who has no permission at all, does not get to ${operation}, which needs ${permission}.`,
  async run({ gus, ada }) {
    status("Gus", await asks(gus, operation), 403);
    await letsIn("Ada (Admin)", asks(ada, operation), operation);
  },
}));

/** The root stands above every page, and its data can be asked for alone. */
const ofRoot: Attempt = {
  operation: "root",
  step: "page",
  title: "A page of another organization cannot ask for what every page shows.",
  async run({ house, ada }) {
    const address = `${paths.posts}?_routes=root`;
    const answer = await ada.read(address, "data", { [organizationHeader]: house.organizations.elsewhere });
    holds("A page of another organization is let in", isStale(answer), answer);
    await letsIn("Ada's own page", ada.read(address, "data"));
  },
};

export const guardAttempts: Attempt[] = [
  ofRoot,
  ...withoutSession,
  ...fromElsewhere,
  ...afterLeaving,
  ...withoutPermission,
];
