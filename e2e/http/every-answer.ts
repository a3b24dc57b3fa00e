// Every way to ask for the same thing: the page, its data, and the data of the route alone, which no parent's guard protects.
import { randomBytes } from "node:crypto";
import { policy, type OperationName } from "../../app/auth/policy";
import type { Answer } from "./ask";
import { formFor, pathOf, routeOf, type Ids } from "./operations";
import { transports, type Visitor } from "./visitor";

/** An id as the app makes them, of nothing. */
export const never = () => randomBytes(16).toString("base64url");

/** Forms are sent right, and empty. */
export async function everyAnswer(visitor: Visitor, operation: OperationName, ids: Ids): Promise<Answer[]> {
  const path = pathOf(operation, ids);
  const reads = policy[operation].method === "GET";
  const answers: Answer[] = [];
  for (const as of transports) {
    if (reads) answers.push(await visitor.read(path, as));
    else for (const form of [formFor(operation, ids), {}]) answers.push(await visitor.submit(path, form, { as }));
  }
  if (reads) answers.push(await visitor.read(`${path}?_routes=${encodeURIComponent(routeOf(operation))}`, "data"));
  return answers;
}
