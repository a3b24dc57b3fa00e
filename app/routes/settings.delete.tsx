// settings.delete — deletes the organization: says what goes, offers the export first, and asks for the name.
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useForm } from "@conform-to/react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { Button, ButtonLink } from "../components/button";
import { UndoDeletion } from "../components/deletion-bar";
import { DoneNotice, afterwards } from "../components/done-notice";
import { FormErrors, TextField } from "../components/field";
import { PageHeader } from "../components/page-header";
import { MemberForm } from "../components/page-organization";
import { pageTitle } from "../components/page-title";
import { SettingsTabs } from "../components/settings-tabs";
import { Time } from "../components/time";
import { WhatIsErased } from "../components/what-is-erased";
import { invalid } from "../http/form.server";
import { daysToUndo } from "../models/settings/deletion.server";
import { paths } from "../paths";

export async function loader({ context }: LoaderFunctionArgs) {
  const member = await context.requireMember("settings.delete.confirm");
  const { name, deletesAt } = member.organization;
  const [seen, directory] = await Promise.all([
    context.deletion.whatGoes(member.scope),
    context.members.page(member.scope, { page: 1 }),
  ]);
  // Some of Logto's members have never been here.
  const goes = directory === "unavailable" ? seen : { ...seen, members: directory.total };
  return { organization: { name }, deletesAt, goes, days: daysToUndo, mayExport: member.can("export:data") };
}

const DeletionForm = z.object({ name: z.string("Type the name of the organization.").trim().max(200) });

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("settings.delete");
  const form = await context.form(DeletionForm);
  if (!form.ok) return invalid(form);
  const { name } = member.organization;
  if (form.value.name !== name.trim())
    return invalid(form, { fieldErrors: { name: [`This is not its name. To delete it, type “${name}”.`] } });
  await context.deletion.ask(member.scope, member, member.organization);
  return redirect(afterwards(paths.deleteOrganization, "deletion-asked"));
}

export default function DeleteOrganization() {
  const { organization, deletesAt, mayExport } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title={`Delete ${organization.name}`} />
      <DoneNotice />
      <SettingsTabs mayManage mayExport={mayExport} />
      <div className="grid max-w-xl gap-5">{deletesAt ? <Waits deletesAt={deletesAt} /> : <Ask />}</div>
    </>
  );
}

function Waits({ deletesAt }: { deletesAt: Date }) {
  const { organization, goes } = useLoaderData<typeof loader>();
  return (
    <>
      <p>
        {organization.name} will be deleted on <Time at={deletesAt} inSentence />. After that nobody can bring it back.
      </p>
      <WhatIsErased goes={goes} />
      <div>
        <UndoDeletion name={organization.name} />
      </div>
    </>
  );
}

function Ask() {
  const { organization, goes, days, mayExport } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  const [form, fields] = useForm<z.input<typeof DeletionForm>>({ id: "delete", lastResult: answer?.result });
  return (
    <>
      <p>
        This deletes {organization.name} with everything in it, for all its members. For {days} days it goes on as
        before, nobody can be invited or join, and whoever manages the organization can undo it. Then it is gone for
        good.
      </p>
      <WhatIsErased goes={goes} />
      {mayExport && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
          Do you have a copy? <ButtonLink to={paths.exports}>Export everything first</ButtonLink>
        </p>
      )}
      <MemberForm id={form.id} action={paths.deleteOrganization} noValidate className="grid gap-4">
        <FormErrors form={form} />
        <TextField
          field={fields.name}
          label={`To confirm, type the name: ${organization.name}`}
          autoComplete="off"
          spellCheck={false}
        />
        <div className="flex flex-wrap gap-2">
          <Button look="danger" breaks>
            Delete {organization.name}
          </Button>
          <ButtonLink to={paths.settings}>Cancel</ButtonLink>
        </div>
      </MemberForm>
    </>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle("Delete the organization", data?.organization) },
];
