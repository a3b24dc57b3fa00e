// The forms of the settings. Each is sent for itself; one that was refused stands alone on its page.
import { useForm, type SubmissionResult } from "@conform-to/react";
import { colourNames } from "../colours";
import { paths } from "../paths";
import { Button, ButtonLink } from "./button";
import { FormErrors, TextArea, TextField } from "./field";
import { OrganizationMark } from "./organization-mark";
import { PageHeader } from "./page-header";
import { MemberForm } from "./page-organization";
import { RoleChoice, type ShownRole } from "./role-choice";

interface Refused {
  lastResult?: SubmissionResult;
}

export const nameLimit = 128;

export function NameForm({ name, lastResult }: Refused & { name?: string }) {
  const [form, fields] = useForm<{ name: string }>({ id: "name", lastResult, defaultValue: { name } });
  return (
    <MemberForm id={form.id} action={paths.organizationName} noValidate className="grid max-w-xl gap-4">
      <FormErrors form={form} />
      <TextField
        field={fields.name}
        label="Name"
        hint="Every member sees it, and so does whoever is invited."
        limit={nameLimit}
        autoComplete="organization"
      />
      <Buttons>Rename</Buttons>
    </MemberForm>
  );
}

export function ColourForm({ organization }: { organization: { name: string; colour: number } }) {
  return (
    <MemberForm action={paths.organizationColour} className="grid max-w-xl gap-4">
      <fieldset>
        <legend className="mb-1.5 font-medium">Colour</legend>
        <div className="grid grid-cols-2 gap-1 sm:grid-cols-4">
          {colourNames.map((name, colour) => (
            <label
              key={name}
              className="flex min-h-10 cursor-pointer items-center gap-2 rounded-control px-2 py-1 has-checked:bg-accent-soft"
            >
              <input
                type="radio"
                name="colour"
                value={colour}
                defaultChecked={colour === organization.colour}
                className="accent-accent-fill"
              />
              <OrganizationMark organization={{ name: organization.name, colour }} size="small" />
              {name}
            </label>
          ))}
        </div>
      </fieldset>
      <Buttons>Change the colour</Buttons>
    </MemberForm>
  );
}

interface InvitationDefaultsProps extends Refused {
  roles: ShownRole[];
  defaults: { role?: string; days?: number };
  mostDays: number;
}

export function InvitationDefaultsForm({ roles, defaults, mostDays, lastResult }: InvitationDefaultsProps) {
  const [form, fields] = useForm<{ role: string; days: number }>({
    id: "defaults",
    lastResult,
    defaultValue: defaults,
  });
  return (
    <MemberForm id={form.id} action={paths.invitationDefaults} noValidate className="grid max-w-xl gap-4">
      <FormErrors form={form} />
      <RoleChoice
        legend="Role that a new invitation begins with"
        name={fields.role.name}
        roles={roles}
        chosen={fields.role.initialValue}
        errors={fields.role.errors}
      />
      <TextField
        field={fields.days}
        label="Days until a new invitation expires"
        hint={`From 1 to ${mostDays}. Whoever invites can choose otherwise.`}
        type="number"
        min={1}
        max={mostDays}
        className="max-w-28"
      />
      <Buttons>Save for new invitations</Buttons>
    </MemberForm>
  );
}

export function DomainsForm({ domains, lastResult }: Refused & { domains?: string }) {
  const [form, fields] = useForm<{ domains: string }>({ id: "domains", lastResult, defaultValue: { domains } });
  return (
    <MemberForm id={form.id} action={paths.invitationDomains} noValidate className="grid max-w-xl gap-4">
      <FormErrors form={form} />
      <TextArea
        field={fields.domains}
        label="Domains whose addresses may be invited"
        hint="One a line, such as “example.com”; a subdomain is a domain of its own. Empty: every address. They are looked at when somebody is invited, invited again, and when they accept."
        optional
        rows={4}
        spellCheck={false}
        autoCapitalize="none"
      />
      <Buttons>Save the domains</Buttons>
    </MemberForm>
  );
}

function Buttons({ children }: { children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button>{children}</Button>
    </div>
  );
}

/** The page of a form that was refused, or of an address that only takes one. */
export function SettingsFormPage({ title, children }: { title: string; children?: React.ReactNode }) {
  return (
    <>
      <PageHeader title={title} back={{ to: paths.settings, name: "Settings" }} />
      {children ?? (
        <p>
          <ButtonLink to={paths.settings}>Go to the settings</ButtonLink>
        </p>
      )}
    </>
  );
}
