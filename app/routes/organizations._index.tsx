// organizations — choose the organization to work in, or finish setting up the first one.
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { BarePage } from "../components/bare-page";
import { Button, ButtonLink } from "../components/button";
import { Notice } from "../components/notice";
import { OrganizationMark } from "../components/organization-mark";
import { SignOutForm } from "../components/sign-out-form";
import { unavailable } from "../http/responses.server";
import { paths } from "../paths";

export async function loader({ context }: LoaderFunctionArgs) {
  const person = await context.requirePerson("organizations.list");
  const theirs = await context.session.organizationsOf(person);
  const known = await context.organizations.listOrganizations(theirs.map(({ id }) => id));
  const organizations = known.map((organization) => ({
    ...organization,
    roles: theirs.find(({ id }) => id === organization.id)?.roles ?? [],
  }));
  const { name, session } = person;
  return { name, organizations, current: session.organizationId, notice: session.notice };
}

/** Makes the first organization of somebody who has none, or finishes making it. */
export async function action({ context }: ActionFunctionArgs) {
  const person = await context.requirePerson("organizations.first");
  const founding = await context.session.foundFirst(person);
  if (!founding.ok && founding.reason === "unavailable") throw unavailable();
  if (!founding.ok && founding.reason === "has-some") return redirect(paths.organizations);
  if (!founding.ok && founding.reason === "gone") return redirect(paths.newOrganization);
  if (!founding.ok) return data({ sentence: sentences[founding.reason] }, { status: 409 });
  await context.session.enter(person, founding.organization.id);
  return redirect(paths.posts);
}

const sentences = {
  "under-way": "Your organization is being made at this moment. Wait a few seconds, then try again.",
  "no-role": "Logto has no role that may look after an organization. Tell whoever runs Atrium.",
};

export default function Organizations() {
  const { name, organizations, current, notice } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <BarePage
      title={organizations.length > 0 ? "Choose an organization" : "You are in no organization yet"}
      aside={<SignOutForm name={name} />}
    >
      {notice && <Notice tone="danger">{notice}</Notice>}
      {answer && <Notice tone="danger">{answer.sentence}</Notice>}
      {organizations.length > 0 ? <Choice organizations={organizations} current={current} /> : <FirstOrganization />}
      <p>
        <ButtonLink to={paths.newOrganization}>Create organization</ButtonLink>
      </p>
    </BarePage>
  );
}

interface ChoiceProps {
  organizations: { id: string; name: string; colour: number; roles: string[] }[];
  current: string | null;
}

function Choice({ organizations, current }: ChoiceProps) {
  return (
    <form method="post" action={paths.switchOrganization} className="min-w-0">
      <ul className="divide-y divide-line rounded-control border border-line">
        {organizations.map((organization) => (
          <li key={organization.id}>
            <button
              type="submit"
              name="organization"
              value={organization.id}
              className="flex min-h-13 w-full items-center gap-3 px-3 py-2 text-left hover:bg-sunken"
            >
              <OrganizationMark organization={organization} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{organization.name}</span>
                <span className="block text-xs text-muted">{organization.roles.join(", ")}</span>
              </span>
              {organization.id === current && <span className="text-xs text-muted">You are here</span>}
            </button>
          </li>
        ))}
      </ul>
    </form>
  );
}

/** Logto was away while the first organization was being made, or nobody has asked for one yet. */
function FirstOrganization() {
  return (
    <>
      <p>
        Posts, comments and everything else belong to an organization. Set up your own, or ask a colleague to invite you
        to theirs.
      </p>
      <form method="post" action={paths.firstOrganization}>
        <Button look="primary">Set up my organization</Button>
      </form>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: "Organizations · Atrium" }];
