// audit — who did what in the active organization, with what was refused.
import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { Download, ScrollText, Search, SearchX } from "lucide-react";
import { AuditTable } from "../components/audit-table";
import { Button, ButtonLink } from "../components/button";
import { EmptyState } from "../components/empty-state";
import { FilterField } from "../components/filter-field";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { Paging } from "../components/paging";
import {
  allAuditActions,
  allAuditResults,
  auditActions,
  auditReasons,
  auditResults,
  isAuditAction,
  isAuditReason,
} from "../models/audit-actions";
import { nobody, readAuditFilter } from "../models/audit-filter.server";
import { type AuditLine, listActors, listAudit } from "../models/audit-log.server";
import { paths } from "../paths";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { scope, organization } = await context.requireMember("audit.list");
  const search = new URL(request.url).searchParams;
  const before = search.get("before") ?? undefined;
  const read = readAuditFilter((name) => search.get(name));
  const [found, actors] = await Promise.all([
    read.ok ? listAudit(scope, read.filter, { before }) : { lines: [] },
    listActors(scope),
  ]);
  const page = {
    organization: { name: organization.name },
    lines: found.lines.map(inWords),
    next: "next" in found ? found.next : undefined,
    isFirstPage: before === undefined,
    asked: read.asked,
    faults: read.ok ? {} : read.faults,
    choices: {
      actor: [
        { value: nobody, label: "Atrium, or somebody signed out" },
        ...actors.map(({ userId, name }) => ({ value: userId, label: name })),
      ],
      action: allAuditActions.map((value) => ({ value, label: auditActions[value] })),
      result: allAuditResults.map((value) => ({ value, label: auditResults[value] })),
    },
  };
  return data(page, { status: read.ok ? 200 : 400 });
}

/** A line as its reader sees it. One of an action that is no longer known keeps the name it had in the code. */
function inWords({ action, reason, ...line }: AuditLine) {
  const { id, at, actorName, actorEmail, targetName, from, to, result, times, address, userAgent } = line;
  return {
    ...{ id, at, actorName, actorEmail, targetName, from, to, result, times, address, userAgent },
    action: isAuditAction(action) ? auditActions[action] : action,
    resultInWords: auditResults[result],
    reason: reason && isAuditReason(reason) ? auditReasons[reason] : reason,
  };
}

export default function Audit() {
  const { lines, asked, faults, isFirstPage, next } = useLoaderData<typeof loader>();
  const isFaulty = Object.keys(faults).length > 0;
  return (
    <>
      <PageHeader title="Audit log" actions={!isFaulty && <Downloads />} />
      <Filter />
      {!isFaulty && (
        <div className="rounded-panel border border-line">
          {lines.length === 0 ? <NoLines /> : <AuditTable lines={lines} />}
          <Paging
            label="Pages of the audit log"
            first={isFirstPage ? undefined : { to: addressOf(paths.audit, asked), name: "Newest" }}
            next={next ? { to: addressOf(paths.audit, { ...asked, before: next }), name: "Older" } : undefined}
          />
        </div>
      )}
    </>
  );
}

/** Of what is shown, all pages of it. */
function Downloads() {
  const { asked } = useLoaderData<typeof loader>();
  return (
    <>
      {[
        { name: "CSV", to: paths.auditCsv },
        { name: "JSON", to: paths.auditJson },
      ].map(({ name, to }) => (
        <ButtonLink key={name} to={addressOf(to, asked)} reloadDocument>
          <Download aria-hidden="true" /> {name}
        </ButtonLink>
      ))}
    </>
  );
}

function Filter() {
  const { asked, faults, choices } = useLoaderData<typeof loader>();
  return (
    <search aria-label="Audit log">
      <Form
        key={addressOf(paths.audit, asked)}
        method="get"
        action={paths.audit}
        className="mb-4 grid gap-x-2 gap-y-3 sm:grid-cols-2 lg:grid-cols-3"
      >
        <FilterField name="actor" label="Who" {...{ asked, faults }} options={choices.actor} all="Everybody" />
        <FilterField name="action" label="Did what" {...{ asked, faults }} options={choices.action} all="Anything" />
        <FilterField name="result" label="Result" {...{ asked, faults }} options={choices.result} all="Any result" />
        <FilterField name="target" label="To whom or what" type="search" {...{ asked, faults }} />
        <FilterField name="from" label="First day (UTC)" type="date" {...{ asked, faults }} />
        <FilterField name="to" label="Last day (UTC)" type="date" {...{ asked, faults }} />
        <div className="flex gap-2">
          <Button>
            <Search aria-hidden="true" /> Search
          </Button>
          {Object.keys(asked).length > 0 && (
            <ButtonLink look="quiet" to={paths.audit}>
              Clear
            </ButtonLink>
          )}
        </div>
      </Form>
    </search>
  );
}

function NoLines() {
  const { asked, isFirstPage } = useLoaderData<typeof loader>();
  if (Object.keys(asked).length === 0 && isFirstPage)
    return (
      <EmptyState icon={ScrollText} title="Nothing was done yet">
        Whatever members do from now on is written down here: posts, comments, members and invitations.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={SearchX}
      title={isFirstPage ? "No line matches" : "There are no older lines"}
      action={<ButtonLink to={paths.audit}>Show the whole log</ButtonLink>}
    >
      {isFirstPage && "Try another person, action, result or time."}
    </EmptyState>
  );
}

function addressOf(path: string, asked: Record<string, string | undefined>) {
  const given = Object.entries(asked).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle("Audit log", page?.organization) },
];
