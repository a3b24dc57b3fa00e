// billing.invoice — one invoice, which can be printed as it stands.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Printer } from "lucide-react";
import { useId } from "react";
import { Address, BillToAddress } from "../components/bill-to";
import { Button } from "../components/button";
import { useInBrowser } from "../components/in-browser";
import { InvoiceStatusBadge } from "../components/invoice-status";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { PriceTable } from "../components/price-table";
import { Day } from "../components/time";
import { notFound } from "../http/responses.server";
import { countryName } from "../models/billing/countries";
import { priceList } from "../models/billing/money";
import { addDays } from "../models/billing/periods";
import { plans } from "../models/billing/plans";
import { paths } from "../paths";

export async function loader({ context, params: { invoiceId = "" } }: LoaderFunctionArgs) {
  const { scope, organization } = await context.requireMember("billing.invoice");
  const invoice = await context.billing.invoice(scope, invoiceId);
  if (!invoice) throw notFound();
  const { number, plan, startsOn, endsOn, issuedOn, dueOn, status, lines, currency, billTo } = invoice;
  return {
    organization: { name: organization.name },
    invoice: {
      ...{ number, startsOn, issuedOn, dueOn, status, plan: plans[plan].name },
      lastDay: addDays(endsOn, -1),
      ...priceList(plan, lines, currency),
      billTo: { ...billTo, countryName: countryName(billTo.country) },
    },
    howToPay: context.billing.howToPay,
    payee: context.billing.payee,
  };
}

export default function ShowInvoice() {
  const { organization, invoice, howToPay, payee } = useLoaderData<typeof loader>();
  const { number, plan, startsOn, lastDay, issuedOn, dueOn, status, lines, total, billTo } = invoice;
  return (
    <div className="max-w-2xl">
      <PageHeader title={`Invoice ${number}`} back={{ to: paths.invoices, name: "Invoices" }} actions={<Print />}>
        Atrium {plan}, for {organization.name}
      </PageHeader>
      <div className="grid gap-6">
        <div className="grid gap-6 sm:grid-cols-2 print:grid-cols-2">
          <div className="grid h-fit gap-6">
            {payee.length > 0 && (
              <Party as="From">
                <Address lines={payee} />
              </Party>
            )}
            <Party as="To">
              <BillToAddress billTo={billTo} />
            </Party>
          </div>
          <dl className="grid h-fit grid-cols-[auto_1fr] gap-x-4 gap-y-1">
            <Fact name="Status">
              <InvoiceStatusBadge status={status} />
            </Fact>
            <Fact name="Issued">
              <Day on={issuedOn} />
            </Fact>
            <Fact name="Due">
              <Day on={dueOn} />
            </Fact>
            <Fact name="Period">
              <Day on={startsOn} /> to <Day on={lastDay} />
            </Fact>
          </dl>
        </div>
        <PriceTable caption={`Invoice ${number}`} lines={lines} total={total} />
        <p className="text-sm text-muted">{howToPay} Days are days in UTC.</p>
      </div>
    </div>
  );
}

function Party({ as, children }: { as: "From" | "To"; children: React.ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-1 text-sm font-medium text-muted">
        {as}
      </h2>
      {children}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Without JavaScript the browser's own menu prints. */
function Print() {
  if (!useInBrowser()) return null;
  return (
    <Button type="button" onClick={() => window.print()} className="print:hidden">
      <Printer aria-hidden="true" /> Print
    </Button>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle(page ? `Invoice ${page.invoice.number}` : "Invoice", page?.organization) },
];
