// The command `npm run billing`: what the operator of Atrium does about invoices and plans. It works on the app's database file, also while the app runs.
import { existsSync } from "node:fs";
import { writeAudit } from "../app/models/audit.server";
import { inMoney } from "../app/models/billing/money";
import { findInvoice, type InvoiceSummary, listInvoices, settleInvoice } from "../app/models/billing/invoices.server";
import { dayOf, nextStart } from "../app/models/billing/periods";
import { isPlanName, type PlanName, planNames, plans } from "../app/models/billing/plans";
import { choicesIn } from "../app/models/billing/seats.server";
import { asc, gte, newId, openStore, type OrganizationScope, type Store } from "../db";
import { givenSettings } from "./env-file.mjs";
import { dataFolder } from "./local-settings.mjs";

const help = `npm run billing -- list [open|overdue|paid|void]   every invoice, or those of one status
npm run billing -- mark-paid <invoice>             the money has come
npm run billing -- void <invoice>                  nobody has to pay it
npm run billing -- set-plan <organization> <plan>  ${planNames.join(", ")}; from Free at once, else with the next period

<invoice> is its number, such as 3F2A9C-0001. <organization> is its id at Logto. DATABASE_FILE names the app's database.`;

/** Who the audit log says it was. */
const operator = { id: null, name: "Atrium’s operator", email: null, address: null, userAgent: null };

export interface BillingCommand {
  store: Store;
  now: () => number;
  print: (line: string) => void;
}

/** @returns the exit code: 0 done, 1 not done, 2 not understood */
export async function runBilling(parameters: readonly string[], command: BillingCommand): Promise<number> {
  const [verb = "", first = "", second = "", ...more] = parameters;
  const settled = { "mark-paid": "paid", void: "void" } as const;
  if (verb === "list" && !second && (!first || ["open", "overdue", "paid", "void"].includes(first)))
    return list(command, first);
  if ((verb === "mark-paid" || verb === "void") && first && !second) return settle(command, first, settled[verb]);
  if (verb === "set-plan" && isPlanName(second) && more.length === 0) return setPlan(command, first, second);
  command.print(help);
  return verb === "help" || verb === "--help" ? 0 : 2;
}

async function list({ store, now, print }: BillingCommand, status: string): Promise<number> {
  let listed = 0;
  for await (const { invoice, organizationName } of everyInvoice(store, now)) {
    if (status && invoice.status !== status) continue;
    listed += 1;
    const amount = inMoney(invoice.total, invoice.currency);
    print(
      [
        invoice.number,
        invoice.status.padEnd(7),
        invoice.issuedOn,
        `due ${invoice.dueOn}`,
        amount,
        organizationName,
      ].join("  "),
    );
  }
  if (listed === 0) print(status ? `No invoice is ${status}.` : "There are no invoices.");
  return 0;
}

async function settle({ store, now, print }: BillingCommand, number: string, status: "paid" | "void"): Promise<number> {
  for await (const { invoice, scope, organizationName } of everyInvoice(store, now)) {
    if (invoice.number !== number.toUpperCase()) continue;
    const settling = await settleInvoice(scope, invoice.id, { status, at: new Date(now()) });
    const what = `${invoice.number} of ${organizationName}, ${inMoney(invoice.total, invoice.currency)},`;
    if (settling.ok) print(settling.changed ? `${what} is ${status} now.` : `${what} was ${status} already.`);
    else {
      const isNow = (await findInvoice(scope, invoice.id, new Date(now())))?.status ?? "gone";
      print(`Nothing was changed: ${what} is ${isNow}.`);
    }
    return settling.ok ? 0 : 1;
  }
  print(`There is no invoice ${number}. npm run billing -- list shows them all.`);
  return 1;
}

async function setPlan({ store, now, print }: BillingCommand, id: string, plan: PlanName): Promise<number> {
  const organization = (await organizationsIn(store)).find((one) => one.id === id);
  if (!organization) {
    print(`No organization has the id ${id}, or nobody of it has signed in yet.`);
    return 1;
  }
  const startsOn = await putOnPlan(store.scope(id, { by: operator }), plan, new Date(now()));
  print(`${organization.name} is on ${plans[plan].name} from ${startsOn} on.`);
  return 0;
}

/** Whatever is used: an operator knows what was agreed. The app makes the invoices. @returns the day on which it begins */
export function putOnPlan(scope: OrganizationScope, plan: PlanName, at: Date): Promise<string> {
  return scope.write(async (tx, tables) => {
    const { planChoices } = tables;
    const startsOn = nextStart(await choicesIn(tx, tables), dayOf(at));
    await tx.remove(planChoices, gte(planChoices.startsOn, startsOn));
    await tx.insert(planChoices, { id: newId(), plan, startsOn, createdAt: at });
    await writeAudit(tx, { action: "billing.plan", to: `${plans[plan].name}, from ${startsOn} on` });
    return startsOn;
  });
}

async function* everyInvoice(store: Store, now: () => number) {
  for (const { id, name: organizationName } of await organizationsIn(store)) {
    const scope = store.scope(id, { by: operator });
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const { invoices, total, pageSize } = await listInvoices(scope, page, new Date(now()));
      pages = Math.ceil(total / pageSize);
      for (const invoice of invoices) yield { invoice: invoice satisfies InvoiceSummary, scope, organizationName };
    }
  }
}

function organizationsIn(store: Store) {
  return store.system.read((db, { organizations }) =>
    db
      .select({ id: organizations.id, name: organizations.name })
      .from(organizations)
      .orderBy(asc(organizations.name), asc(organizations.id)),
  );
}

async function main(parameters: string[]): Promise<number> {
  const file = givenSettings().DATABASE_FILE ?? `${dataFolder}/atrium.db`;
  if (!existsSync(file)) {
    console.error(`There is no database ${file}. DATABASE_FILE says where the app keeps its own.`);
    return 1;
  }
  const store = openStore(file);
  const print = (line: string) => console.log(line);
  return runBilling(parameters, { store, now: Date.now, print }).finally(() => store.close());
}

if (/billing\.ts$/.test(process.argv[1] ?? "")) process.exitCode = await main(process.argv.slice(2));
