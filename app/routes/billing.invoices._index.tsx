// billing.invoices — every invoice of the active organization, the newest first.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { Download, Receipt } from "lucide-react";
import { BillingTabs } from "../components/billing-tabs";
import { ButtonLink } from "../components/button";
import { EmptyState } from "../components/empty-state";
import { InvoiceStatusBadge } from "../components/invoice-status";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { Paging } from "../components/paging";
import { Cell, Row, Table, type Column } from "../components/table";
import { Day } from "../components/time";
import { counted } from "../components/words";
import { inMoney } from "../models/billing/money";
import { plans } from "../models/billing/plans";
import { paths } from "../paths";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { scope, organization } = await context.requireMember("billing.invoices");
  const asked = new URL(request.url).searchParams.get("page") ?? "";
  const page = /^[1-9]\d{0,4}$/.test(asked) ? Number(asked) : 1;
  const { invoices, total, pageSize } = await context.billing.invoices(scope, page);
  return {
    organization: { name: organization.name },
    invoices: invoices.map(({ id, number, issuedOn, dueOn, status, plan, total: amount, currency }) => ({
      ...{ id, number, issuedOn, dueOn, status },
      plan: plans[plan].name,
      total: inMoney(amount, currency),
    })),
    total,
    page,
    pages: Math.max(1, Math.ceil(total / pageSize)),
  };
}

type Listed = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Invoices() {
  const { invoices, total, page, pages } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title="Invoices"
        actions={
          total > 0 && (
            <ButtonLink reloadDocument to={paths.invoicesCsv}>
              <Download aria-hidden="true" /> Download as CSV
            </ButtonLink>
          )
        }
      >
        {counted(total, "invoice")}
      </PageHeader>
      <BillingTabs />
      <div className="rounded-panel border border-line">
        {invoices.length === 0 ? <NoInvoices total={total} /> : <InvoiceTable invoices={invoices} />}
        <Paging
          label="Pages of invoices"
          first={page > 1 ? { to: addressOf(Math.min(page - 1, pages)), name: "Newer" } : undefined}
          next={page < pages ? { to: addressOf(page + 1), name: "Older" } : undefined}
        />
      </div>
    </>
  );
}

const columns: Column[] = [
  { name: "Number" },
  { name: "Plan", width: "w-28", spare: true },
  { name: "Issued", width: "w-32", spare: true },
  { name: "Due", width: "w-32", spare: true },
  { name: "Status", width: "w-26" },
  { name: "Amount", width: "w-28", align: "right" },
];

function InvoiceTable({ invoices }: Pick<Listed, "invoices">) {
  return (
    <Table caption="Invoices, newest first" columns={columns}>
      {invoices.map(({ id, number, plan, issuedOn, dueOn, status, total }) => (
        <Row key={id}>
          <Cell>
            {/* The link covers its row. */}
            <Link
              to={paths.invoice(id)}
              className="font-medium wrap-anywhere after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
            >
              {number}
            </Link>
            <span className="mt-1 block text-xs text-muted sm:hidden">
              due <Day on={dueOn} />
            </span>
          </Cell>
          <Cell spare>{plan}</Cell>
          <Cell spare className="text-muted">
            <Day on={issuedOn} />
          </Cell>
          <Cell spare className="text-muted">
            <Day on={dueOn} />
          </Cell>
          <Cell>
            <InvoiceStatusBadge status={status} />
          </Cell>
          <Cell align="right" className="tabular-nums">
            {total}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function NoInvoices({ total }: { total: number }) {
  if (total > 0)
    return (
      <EmptyState
        icon={Receipt}
        title="There are no older invoices"
        action={<ButtonLink to={paths.invoices}>Show the newest</ButtonLink>}
      />
    );
  return (
    <EmptyState icon={Receipt} title="No invoices yet">
      The first one is made on the day on which a plan begins that costs something.
    </EmptyState>
  );
}

const addressOf = (page: number) =>
  page > 1 ? `${paths.invoices}?${new URLSearchParams({ page: `${page}` })}` : paths.invoices;

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle("Invoices", page?.organization) },
];
