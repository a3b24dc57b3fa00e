// What journeys about billing begin with: an organization that has invoices, and what its operator does about them.
import { openStore } from "../db";
import { runBilling } from "../scripts/billing";
import { seedBilling } from "../scripts/cast-billing";
import type { Organization } from "./operator";
import type { WorldDescription } from "./world";

type Place = Pick<WorldDescription, "databaseFile">;

const details = {
  line1: "12 Mill Lane",
  postalCode: "LS1 4AB",
  city: "Leeds",
  country: "GB",
  email: "billing@example.com",
};

/** On Team since three months, with an invoice for each of them: the last one is open. */
export async function billForMonths({ databaseFile }: Place, { id, name }: Organization): Promise<void> {
  const store = openStore(databaseFile);
  await seedBilling(store.scope(id), { name, plan: "team", seats: 12, details }).finally(() => store.close());
}

/** As on the command line. @returns what was said */
export async function operate({ databaseFile }: Place, ...parameters: string[]): Promise<string> {
  const store = openStore(databaseFile);
  const said: string[] = [];
  await runBilling(parameters, { store, now: Date.now, print: (line) => said.push(line) }).finally(() => store.close());
  return said.join("\n");
}
