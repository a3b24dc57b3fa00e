// billing — the plan of the active organization, the seats that are used, what the next invoice will be, and whom it is for.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { BillToAddress } from "../components/bill-to";
import { BillingTabs } from "../components/billing-tabs";
import { ButtonLink } from "../components/button";
import { DoneNotice } from "../components/done-notice";
import { InvoiceStatusBadge } from "../components/invoice-status";
import { Notice } from "../components/notice";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { Panel } from "../components/panel";
import { PriceTable } from "../components/price-table";
import { SeatCount } from "../components/seat-count";
import { Day, dayText } from "../components/time";
import { someOf } from "../components/words";
import { unavailable } from "../http/responses.server";
import { countryName } from "../models/billing/countries";
import { inMoney, priceList } from "../models/billing/money";
import { plans } from "../models/billing/plans";
import { paths } from "../paths";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const member = await context.requireMember("billing.show");
  const [overview, saved, managers] = await Promise.all([
    context.billing.overview(member.scope),
    context.billing.details(member.scope),
    context.billing.managers(member),
  ]);
  if (overview === "unavailable") throw unavailable();
  const { plan, period, ahead, seats, nextInvoice, open, currency } = overview;
  return {
    organization: { name: member.organization.name },
    plan: { ...plans[plan], price: inMoney(plans[plan].price, currency) },
    period,
    ahead: ahead && { name: plans[ahead.plan].name, startsOn: ahead.startsOn },
    seats: { members: seats.members, invited: seats.invited, used: seats.used, most: seats.most },
    nextInvoice: nextInvoice && { on: nextInvoice.on, ...priceList(nextInvoice.plan, nextInvoice.lines, currency) },
    open: open.map(({ id, number, dueOn, status, total, currency: its }) => ({
      ...{ id, number, dueOn, status },
      total: inMoney(total, its),
    })),
    details: saved && { ...saved.details, countryName: countryName(saved.details.country) },
    howToPay: context.billing.howToPay,
    isChosen: new URL(request.url).searchParams.get("done") === "plan-chosen",
    /** Undefined for whoever may change all this. */
    managers,
  };
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Billing() {
  const page = useLoaderData<typeof loader>();
  const { organization, plan, period, ahead, seats, managers } = page;
  return (
    <>
      <PageHeader title="Billing">
        {organization.name} is on {plan.name}.
      </PageHeader>
      <DoneNotice sentence={chosen(page)} />
      <BillingTabs />
      <div className="grid max-w-3xl gap-5">
        {managers && <Notice>You can look at this. Ask {someOf(managers)} to change it.</Notice>}
        <Panel
          title={plan.name}
          actions={
            !managers && (
              <ButtonLink look="primary" to={paths.plan()}>
                Change plan
              </ButtonLink>
            )
          }
        >
          <div className="grid gap-1.5">
            <p>
              {plan.price} a month, with {plan.includedSeats} seats. {plan.summary}
            </p>
            {period && (
              <p className="text-muted">
                This period began on <Day on={period.startsOn} />. The next one begins on <Day on={period.endsOn} />.
              </p>
            )}
            {ahead && (
              <p>
                From <Day on={ahead.startsOn} /> on {organization.name} is on {ahead.name}.
              </p>
            )}
            <SeatCount seats={seats} />
          </div>
        </Panel>
        <NextInvoice {...page} />
        <Open {...page} />
        <Details {...page} />
        <p className="text-xs text-muted">Days begin and end at midnight in UTC. Amounts are without tax.</p>
      </div>
    </>
  );
}

/** After a choice, what it has come to. */
function chosen({ isChosen, organization, plan, ahead }: Shown) {
  if (!isChosen) return undefined;
  if (ahead)
    return `${organization.name} stays on ${plan.name} until ${dayText(ahead.startsOn)}, then it is on ${ahead.name}.`;
  return `${organization.name} is on ${plan.name}.`;
}

function NextInvoice({ nextInvoice, period }: Shown) {
  if (!nextInvoice)
    return (
      <Panel title="Next invoice">
        <p className="text-muted">{period ? "None: the plan ends with this period." : "None: Free costs nothing."}</p>
      </Panel>
    );
  const { on, lines, total } = nextInvoice;
  return (
    <Panel title="Next invoice">
      <p className="text-muted">
        On <Day on={on} />, with the seats that are used then. With those of today it would be:
      </p>
      <PriceTable caption="Next invoice" lines={lines} total={total} />
    </Panel>
  );
}

function Open({ open, howToPay }: Shown) {
  return (
    <Panel title="To be paid" actions={<ButtonLink to={paths.invoices}>All invoices</ButtonLink>}>
      {open.length === 0 ? (
        <p className="text-muted">Nothing is to be paid.</p>
      ) : (
        <ul className="divide-y divide-line">
          {open.map(({ id, number, dueOn, status, total }) => (
            <li key={id} className="grid grid-cols-2 items-center gap-x-4 gap-y-1 py-2 sm:grid-cols-4">
              <Link to={paths.invoice(id)} className="font-medium underline underline-offset-2">
                {number}
              </Link>
              <span className="text-muted">
                due <Day on={dueOn} />
              </span>
              <span>
                <InvoiceStatusBadge status={status} />
              </span>
              <span className="text-right tabular-nums">{total}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-2 text-sm text-muted">{howToPay}</p>
    </Panel>
  );
}

function Details({ details, managers, organization }: Shown) {
  const edit = !managers && (
    <ButtonLink to={paths.billingDetails}>{details ? "Edit billing details" : "Add billing details"}</ButtonLink>
  );
  return (
    <Panel title="Billing details" actions={edit}>
      {details ? (
        <BillToAddress billTo={details} />
      ) : (
        <p className="text-muted">None yet. Invoices are made out to {organization.name}.</p>
      )}
    </Panel>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle("Billing", page?.organization) },
];
