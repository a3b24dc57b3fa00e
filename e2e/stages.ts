// Who and what is there when a journey begins.
import type { Operator } from "./operator";

/** An organization with an Admin and a Collaborator. */
export async function makeLamps(operator: Operator) {
  const lamps = await operator.makeOrganization("Lamps");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const ben = await operator.makePerson("Ben", [lamps, "Collaborator"]);
  return { lamps, ann, ben };
}

/** Somebody in two organizations, with another role in each. */
export async function makeLampsAndChairs(operator: Operator) {
  const [lamps, chairs] = [await operator.makeOrganization("Lamps"), await operator.makeOrganization("Chairs")];
  const ann = await operator.makePerson("Ann", [lamps, "Admin"], [chairs, "Collaborator"]);
  return { ann, lamps, chairs };
}
