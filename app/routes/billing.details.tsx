// billing.details — whom the invoices are for. What was saved meanwhile is never written over unseen.
import type { SubmissionResult } from "@conform-to/react";
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { BillToAddress, type ShownBillTo } from "../components/bill-to";
import { BillingDetailsForm } from "../components/billing-details-form";
import { ButtonLink } from "../components/button";
import { afterwards } from "../components/done-notice";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { Panel } from "../components/panel";
import { Time } from "../components/time";
import { invalid, maybeEmpty } from "../http/form.server";
import { countries, countryName, isCountry } from "../models/billing/countries";
import { paths } from "../paths";

const limits = { name: 120, line: 160, code: 20, number: 40, email: 254 };

export async function loader({ context }: LoaderFunctionArgs) {
  const member = await context.requireMember("billing.details.edit");
  const saved = await context.billing.details(member.scope);
  return {
    organization: { name: member.organization.name },
    details: saved?.details ?? { company: member.organization.name },
    version: saved?.version ?? 0,
    countries,
  };
}

const tooLong = (limit: number) => `Use at most ${limit} characters.`;
/** One line of text: what a browser sends from a field of one line. */
const line = (limit: number) =>
  z
    .string()
    .trim()
    .max(limit, tooLong(limit))
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, "Write it in one line.");
const needed = (limit: number, sentence: string) => line(limit).min(1, sentence);
const optional = (limit: number) =>
  maybeEmpty()
    .superRefine((sent, context) => {
      for (const { message } of line(limit).safeParse(sent).error?.issues ?? []) context.addIssue(message);
    })
    .transform((sent) => sent.trim());

const DetailsForm = z.object({
  company: needed(limits.name, "Say whom the invoices are for."),
  line1: needed(limits.line, "Give the street, or the post box."),
  line2: optional(limits.line),
  postalCode: optional(limits.code),
  city: needed(limits.name, "Give the city."),
  country: z.string("Choose a country.").refine(isCountry, "Choose a country from the list."),
  taxId: optional(limits.number),
  email: z.email("Give an e-mail address, such as billing@example.com.").max(limits.email, tooLong(limits.email)),
  purchaseOrder: optional(limits.number),
  version: z.number("Reload this page and try again.").int().nonnegative(),
});

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("billing.details");
  const form = await context.form(DetailsForm);
  if (!form.ok) return invalid(form);
  const { version, ...details } = form.value;
  const saved = await context.billing.saveDetails(member.scope, { version, details });
  if (saved.ok) return redirect(afterwards(paths.billing, "billing-details-saved"));
  const { details: theirs, version: newest, savedAt } = saved.current;
  const result = form.submission.reply({ formErrors: [conflict] });
  return data(
    { result, theirs: { ...theirs, countryName: countryName(theirs.country) }, version: newest, savedAt },
    { status: 409 },
  );
}

interface Answer {
  result: SubmissionResult;
  theirs?: ShownBillTo;
  version?: number;
  savedAt?: Date;
}

const conflict =
  "The billing details were saved from somewhere else while you were writing. What you wrote is still here, and nothing is lost: compare the two and decide.";

export default function EditBillingDetails() {
  const page = useLoaderData<typeof loader>();
  const answer = useAnswer<Answer>();
  return (
    <div className="max-w-2xl">
      <PageHeader title="Billing details" back={{ to: paths.billing, name: "Billing" }}>
        For the invoices that are made from now on. Those that exist stay as they are.
      </PageHeader>
      {answer?.theirs && answer.savedAt && <Theirs theirs={answer.theirs} savedAt={answer.savedAt} />}
      <BillingDetailsForm
        details={page.details}
        version={answer?.version ?? page.version}
        countries={page.countries}
        limits={limits}
        lastResult={answer?.result}
      />
    </div>
  );
}

function Theirs({ theirs, savedAt }: { theirs: ShownBillTo; savedAt: Date }) {
  const takeTheirs = (
    <ButtonLink reloadDocument to={paths.billingDetails}>
      Take these, drop mine
    </ButtonLink>
  );
  return (
    <div className="mb-5">
      <Panel title="What is saved now" actions={takeTheirs}>
        <p className="mb-2 text-muted">
          Saved <Time at={savedAt} />
        </p>
        <BillToAddress billTo={theirs} />
      </Panel>
    </div>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle("Billing details", page?.organization) },
];
