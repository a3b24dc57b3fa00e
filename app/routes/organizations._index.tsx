// organizations — choose the organization to work in, or finish setting up the first one.
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useAnswer } from "../components/answer";
import { BarePage } from "../components/bare-page";
import { Button, ButtonLink } from "../components/button";
import { DoneNotice } from "../components/done-notice";
import { KeptText } from "../components/kept-form";
import { Notice } from "../components/notice";
import { OrganizationMark } from "../components/organization-mark";
import { SignOutForm } from "../components/sign-out-form";
import { WaitingInvitations } from "../components/waiting-invitations";
import { unavailable } from "../http/responses.server";
import { livePage } from "../live/page";
import { useLivePage } from "../live/use-live";
import { paths } from "../paths";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const person = await context.requirePerson("organizations.list");
  const theirs = await context.session.organizationsOf(person);
  const [known, waiting] = await Promise.all([
    context.organizations.listOrganizations(theirs.map(({ id }) => id)),
    context.invitations.waitingFor(person),
  ]);
  const organizations = known.map((organization) => ({
    ...organization,
    roles: theirs.find(({ id }) => id === organization.id)?.roles ?? [],
  }));
  const { name, session } = person;
  const hasLeft = new URL(request.url).searchParams.get("done") === "left-organization";
  return { name, organizations, waiting, current: session.organizationId, notice: session.notice, hasLeft };
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
  const { name, organizations, waiting, current, notice, hasLeft } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  const hasSome = organizations.length > 0;
  return (
    <BarePage title={titleOf({ organizations, waiting })} aside={<SignOutForm name={name} />}>
      <DoneNotice sentence={hasLeft ? notice : undefined} />
      {notice && !hasLeft && <Notice tone="danger">{notice}</Notice>}
      {answer && <Notice tone="danger">{answer.sentence}</Notice>}
      {hasSome && <Choice organizations={organizations} current={current} />}
      <CarriedText />
      {waiting.length > 0 && (
        <section aria-labelledby="waiting" className="grid gap-2">
          <h2 id="waiting" className={hasSome ? "font-semibold" : "sr-only"}>
            Invitations
          </h2>
          <WaitingInvitations invitations={waiting} />
        </section>
      )}
      {!hasSome && <FirstOrganization isInvited={waiting.length > 0} />}
      {hasSome && (
        <p>
          <ButtonLink to={paths.newOrganization}>Create organization</ButtonLink>
        </p>
      )}
    </BarePage>
  );
}

/** What was being typed when the page that it was typed into came to an end. */
function CarriedText() {
  const { carried } = useLivePage();
  if (!carried) return null;
  return (
    <section className="grid justify-items-start gap-2">
      <div className="w-full">
        <KeptText kept={carried} />
      </div>
      <Button type="button" onClick={livePage.letGo}>
        Let it go
      </Button>
    </section>
  );
}

function titleOf({ organizations, waiting }: { organizations: unknown[]; waiting: unknown[] }) {
  if (organizations.length > 0) return "Choose an organization";
  return waiting.length > 0 ? "Find your organizations" : "You are in no organization yet";
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

/** Nobody has asked for one yet, or Logto was away while it was being made. */
function FirstOrganization({ isInvited }: { isInvited: boolean }) {
  return (
    <>
      <p>
        {isInvited
          ? "Or create your own: posts, comments and everything else in it are apart from those above."
          : "Posts, comments and everything else belong to an organization. Set up your own, or ask a colleague to invite you to theirs."}
      </p>
      <div className="flex flex-wrap gap-2">
        <form method="post" action={paths.firstOrganization}>
          <Button look={isInvited ? "plain" : "primary"}>Set up my organization</Button>
        </form>
        <ButtonLink look="quiet" to={paths.newOrganization}>
          Choose a name for it first
        </ButtonLink>
      </div>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: "Organizations · Atrium" }];
