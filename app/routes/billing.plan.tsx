// billing.plan — chooses another plan: see them all, read what one would mean, confirm.
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { Button, ButtonLink } from "../components/button";
import { ConfirmPage } from "../components/confirm-page";
import { afterwards } from "../components/done-notice";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { PriceTable } from "../components/price-table";
import { SeatCount } from "../components/seat-count";
import { Day } from "../components/time";
import { counted } from "../components/words";
import { badRequest, unavailable } from "../http/responses.server";
import { inMoney, priceList } from "../models/billing/money";
import { currency, isPlanName, planNames, plans } from "../models/billing/plans";
import { paths } from "../paths";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const member = await context.requireMember("billing.plan.choose");
  const asked = new URL(request.url).searchParams.get("to") ?? "";
  const to = isPlanName(asked) ? asked : undefined;
  const preview = await context.billing.preview(member.scope, to ?? "free");
  if (preview === "unavailable") throw unavailable();
  const { from, startsOn, beginsToday, seats, fits, isSame, basis, lines } = preview;
  const shownSeats = {
    members: seats.members,
    invited: seats.invited,
    used: seats.used,
    most: plans[to ?? from].mostSeats,
  };
  return {
    organization: { name: member.organization.name },
    plans: planNames.map((id) => ({ id, ...shownPlan(plans[id]), isCurrent: id === from })),
    change: to && {
      ...{ to, name: plans[to].name, fromName: plans[from].name, startsOn, beginsToday, fits, isSame, basis },
      seats: shownSeats,
      isFree: to === "free",
      ...priceList(to, lines, currency),
    },
  };
}

function shownPlan({ name, summary, price, includedSeats, seatPrice, mostSeats }: (typeof plans)["free"]) {
  return {
    name,
    summary,
    includedSeats,
    mostSeats,
    price: inMoney(price, currency),
    seatPrice: inMoney(seatPrice, currency),
  };
}

const PlanForm = z.object({ plan: z.enum(planNames), basis: z.string().max(64) });

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("billing.plan");
  const form = await context.form(PlanForm);
  if (!form.ok) throw badRequest("This form does not say which plan to choose.");
  const { name: organizationName } = member.organization;
  const chosen = await context.billing.choose(member.scope, { ...form.value, organizationName });
  if (chosen.ok) return redirect(afterwards(paths.billing, "plan-chosen"));
  if (chosen.reason === "unavailable") throw unavailable();
  const refused =
    chosen.reason === "stale"
      ? "Nothing was changed: somebody has chosen another plan meanwhile. This page now shows what your choice would mean from there; read it and choose again."
      : `Nothing was changed: ${chosen.used} seats are used, and ${plans[form.value.plan].name} has ${chosen.most}. Remove members or revoke invitations first.`;
  return data({ refused }, { status: 409 });
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>;

export default function ChangePlan() {
  const { change } = useLoaderData<typeof loader>();
  return change ? <Confirm change={change} /> : <Choose />;
}

function Confirm({ change }: { change: NonNullable<Shown["change"]> }) {
  const { organization } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  const { to, name, fromName, startsOn, beginsToday, fits, isSame, isFree, basis, seats, lines, total } = change;
  return (
    <ConfirmPage
      title={`Put ${organization.name} on ${name}?`}
      back={{ to: paths.plan(), name: "Plans" }}
      action={paths.plan(to)}
      fields={{ plan: to, basis }}
      look="primary"
      confirm={`Choose ${name}`}
      refused={answer?.refused}
      disabledBecause={whyNot(change, organization.name)}
    >
      {!isSame && (
        <p>
          {beginsToday
            ? `${name} begins today, `
            : `${organization.name} stays on ${fromName} until its period ends. ${name} begins on `}
          <Day on={startsOn} />
          {isFree
            ? ". Nothing is charged from then on."
            : ". Its first invoice is made on that day, and one each month after it."}
        </p>
      )}
      <SeatCount seats={seats} />
      {fits && seats.most !== null && !isSame && (
        <p>
          {name} has {counted(seats.most, "seat")}. Nobody can be invited beyond that, from now on.
        </p>
      )}
      {!isFree && (
        <>
          <p>A month costs, with the seats that are used today:</p>
          <PriceTable caption={`A month on ${name}`} lines={lines} total={total} />
          <p className="text-muted">
            Each invoice counts the seats that are used on the day when it is made. What changes in between counts from
            the next one; nothing is charged or paid back for a part of a month.
          </p>
        </>
      )}
    </ConfirmPage>
  );
}

function whyNot({ isSame, fits, name, seats }: NonNullable<Shown["change"]>, organizationName: string) {
  if (isSame) return `${organizationName} is on ${name}, or will be, already.`;
  if (!fits)
    return `${seats.used} seats are used, and ${name} has ${seats.most}. Remove members or revoke invitations first.`;
  return undefined;
}

function Choose() {
  const { plans: shown } = useLoaderData<typeof loader>();
  return (
    <div className="max-w-xl">
      <PageHeader title="Change plan" back={{ to: paths.billing, name: "Billing" }}>
        You see what a plan would mean before anything is changed.
      </PageHeader>
      <Form method="get" action={paths.plan()} className="grid gap-5">
        <fieldset>
          <legend className="mb-1.5 font-medium">Plan</legend>
          <div className="divide-y divide-line overflow-hidden rounded-control border border-edge">
            {shown.map((plan) => (
              <PlanRow key={plan.id} plan={plan} />
            ))}
          </div>
        </fieldset>
        <div className="flex flex-wrap gap-2">
          <Button look="primary">Continue</Button>
          <ButtonLink to={paths.billing}>Cancel</ButtonLink>
        </div>
      </Form>
    </div>
  );
}

function PlanRow({ plan }: { plan: Shown["plans"][number] }) {
  const { id, name, summary, price, includedSeats, seatPrice, mostSeats, isCurrent } = plan;
  return (
    <div className="relative flex items-start gap-2.5 px-3 py-2.5 has-checked:bg-accent-soft">
      <input
        type="radio"
        id={`plan-${id}`}
        name="to"
        value={id}
        defaultChecked={isCurrent}
        aria-describedby={`plan-${id}-means`}
        className="relative z-10 mt-1 accent-accent-fill"
      />
      <div className="min-w-0">
        {/* The label covers its row. */}
        <label htmlFor={`plan-${id}`} className="block cursor-pointer font-medium after:absolute after:inset-0">
          {name}, {price} a month{isCurrent && " (now)"}
        </label>
        <p id={`plan-${id}-means`} className="text-sm text-muted">
          {summary} {includedSeats} seats included
          {mostSeats === includedSeats ? ", and no more." : `, each other ${seatPrice} a month`}
          {mostSeats !== includedSeats && (mostSeats === null ? "." : `, at most ${mostSeats}.`)}
        </p>
      </div>
    </div>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle("Change plan", page?.organization) },
];
