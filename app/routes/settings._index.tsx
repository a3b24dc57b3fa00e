// settings — what is set for the organization, in forms that are each sent for themselves.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useId } from "react";
import { DoneNotice } from "../components/done-notice";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { ColourForm, DomainsForm, InvitationDefaultsForm, NameForm } from "../components/settings-forms";
import { SettingsTabs } from "../components/settings-tabs";
import { daysByDefault, mostDays } from "../models/invitations/invitations.server";
import { roleToBeginWith } from "../models/member-roles.server";
import { findSettings } from "../models/settings/settings.server";

export async function loader({ context }: LoaderFunctionArgs) {
  const member = await context.requireMember("settings.show");
  const { organization, scope } = member;
  const [settings, roles] = await Promise.all([findSettings(scope), context.members.roles()]);
  const choices = roles === "unavailable" ? [] : roles;
  return {
    organization: { name: organization.name, colour: organization.colour },
    roles: choices,
    defaults: {
      role: roleToBeginWith(choices, settings.invitationRoleId)?.id,
      days: settings.invitationDays ?? daysByDefault,
    },
    mostDays,
    domains: settings.domains.join("\n"),
    mayExport: member.can("export:data"),
  };
}

export default function Settings() {
  const { organization, roles, defaults, mostDays: most, domains, mayExport } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Settings" />
      <DoneNotice />
      <SettingsTabs mayManage mayExport={mayExport} />
      <div className="divide-y divide-line">
        <Section title="Name">
          <NameForm key={organization.name} name={organization.name} />
        </Section>
        <Section title="Colour">
          <ColourForm organization={organization} />
        </Section>
        <Section title="New invitations">
          {roles.length > 0 ? (
            <InvitationDefaultsForm roles={roles} defaults={defaults} mostDays={most} />
          ) : (
            <p className="text-muted">Logto does not answer, so the roles cannot be listed. Reload this page later.</p>
          )}
        </Section>
        <Section title="Who can be invited">
          <DomainsForm key={domains} domains={domains} />
        </Section>
      </div>
    </>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="grid gap-4 py-6 first:pt-2">
      <h2 id={heading} className="text-lg font-semibold tracking-tight">
        {title}
      </h2>
      {children}
    </section>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle("Settings", data?.organization) }];
