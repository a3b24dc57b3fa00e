// account — who one is here, where one is signed in, one's organizations, and the way out.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { AccountOrganizations } from "../components/account-organizations";
import { BarePage } from "../components/bare-page";
import { ButtonLink } from "../components/button";
import { DoneNotice } from "../components/done-notice";
import { SessionList } from "../components/session-list";
import { SignOutForm } from "../components/sign-out-form";
import { ThemeChoice } from "../components/theme-choice";
import { WaitingInvitations } from "../components/waiting-invitations";
import { paths } from "../paths";

export async function loader({ context }: LoaderFunctionArgs) {
  const person = await context.requirePerson("account.show");
  const theirs = await context.session.organizationsOf(person);
  const [known, waiting, sessions] = await Promise.all([
    context.organizations.listOrganizations(theirs.map(({ id }) => id)),
    context.invitations.waitingFor(person),
    context.session.own.list(person),
  ]);
  const { name, email, session } = person;
  const organizations = known.map((organization) => ({
    ...organization,
    roles: theirs.find(({ id }) => id === organization.id)?.roles ?? [],
    isActive: organization.id === session.organizationId,
  }));
  return { name, email, organizations, waiting, sessions };
}

export default function Account() {
  const { name, email, organizations, waiting, sessions } = useLoaderData<typeof loader>();
  return (
    <BarePage title="Your account" aside={<SignOutForm name={name} />}>
      <DoneNotice />
      <Part title="You">
        <dl className="divide-y divide-line rounded-control border border-line">
          <Line term="Name">{name}</Line>
          <Line term="E-mail">{email || "Logto knows no address of yours."}</Line>
        </dl>
        <p className="text-xs text-muted">
          Both are those of your Logto account. They are changed there, by you or by whoever runs it; Atrium shows the
          new ones within a minute of your work in an organization.
        </p>
      </Part>
      <Part title="Theme">
        <ThemeChoice />
      </Part>
      <Part title="Your organizations">
        <AccountOrganizations organizations={organizations} />
      </Part>
      {waiting.length > 0 && (
        <Part title="Invitations to you">
          <WaitingInvitations invitations={waiting} />
        </Part>
      )}
      <Part title="Where you are signed in">
        <SessionList sessions={sessions} />
      </Part>
      <Part title="Delete your account">
        <p className="text-muted">You are shown first what becomes of each of your organizations.</p>
        <p>
          <ButtonLink look="danger-quiet" to={paths.deleteAccount}>
            Delete your account
          </ButtonLink>
        </p>
      </Part>
    </BarePage>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  const id = title.toLowerCase().replaceAll(" ", "-");
  return (
    <section aria-labelledby={id} className="mt-3 grid gap-2">
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}

function Line({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="flex gap-3 px-3 py-2">
      <dt className="w-20 shrink-0 text-muted">{term}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}

export const meta: MetaFunction = () => [{ title: "Your account · Atrium" }];
