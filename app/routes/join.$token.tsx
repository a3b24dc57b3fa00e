// join — where the link of an invitation leads: whose it is, and what its reader can do. Looking changes nothing.
import {
  data,
  redirect,
  redirectDocument,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData, useParams } from "@remix-run/react";
import { useAnswer } from "../components/answer";
import { BarePage } from "../components/bare-page";
import { Button, ButtonLink } from "../components/button";
import { afterwards } from "../components/done-notice";
import {
  AskForm,
  DeclineForm,
  InvitationCard,
  type ShownInvitation,
  whyNotJoin,
  type WhyNotJoin,
} from "../components/join-parts";
import { Notice } from "../components/notice";
import { SignOutForm } from "../components/sign-out-form";
import { unavailable } from "../http/responses.server";
import { isFor } from "../models/invitations/invitations.server";
import { paths } from "../paths";

export async function loader({ context, request, params: { token = "" } }: LoaderFunctionArgs) {
  const { person } = await context.visitor("join.show");
  const reader = person ? { name: person.name, email: person.email } : undefined;
  const done = new URL(request.url).searchParams.get("done");
  const asked = done === "asked";
  const opened = await context.invitations.open(token);
  if (opened.kind === "unusable") {
    const state = done === "declined" ? ("declined" as const) : ("unusable" as const);
    return data({ state, asked, reader, invitation: undefined }, { status: 410 });
  }
  const { organizationName, organizationColour, inviterName, roleName, rolePermissions, note, maskedAddress } = opened;
  const organization = { name: organizationName, colour: organizationColour };
  const invitation = { organization, inviterName, roleName, permissions: rolePermissions, note, maskedAddress };
  const whose = !reader ? "signed-out" : isFor(opened, reader) ? "theirs" : "other-address";
  // Whoever has another address may still ask for an invitation to it, unless nobody is taken in.
  const isShut = opened.notAdmitted === "being-deleted" || (opened.notAdmitted && whose !== "other-address");
  const state = isShut ? "shut" : whose;
  return data({
    state,
    asked,
    reader,
    invitation: { ...invitation, notAdmitted: opened.notAdmitted, isReaders: whose === "theirs" },
  } as const);
}

export async function action({ context, params: { token = "" } }: ActionFunctionArgs) {
  const { person } = await context.visitor("join.accept");
  const here = paths.join(encodeURIComponent(token));
  if (!person) return redirect(paths.signIn(here));
  const accepted = await context.invitations.accept(token, person);
  if (accepted.ok) {
    await context.session.enter(person, accepted.organizationId);
    return redirectDocument(afterwards(paths.posts, "joined"));
  }
  if (accepted.reason === "unavailable") throw unavailable();
  const { reason: refused } = accepted;
  if (refused === "unusable" || refused === "other-address") return redirect(here); // which tells what is so now
  return data({ refused }, { status: refused === "unverified" ? 403 : 409 });
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Join() {
  const page = useLoaderData<typeof loader>();
  const token = encodeURIComponent(useParams().token ?? "");
  const answer = useAnswer<typeof action>();
  return (
    <BarePage title={titleOf(page)} aside={page.reader && <SignOutForm name={page.reader.name} />}>
      {answer && <Notice tone="danger">{`You have not joined. ${whyNot(page, answer.refused)}`}</Notice>}
      <State page={page} token={token} isTold={answer !== undefined} />
    </BarePage>
  );
}

function titleOf({ state, invitation }: Pick<Shown, "state" | "invitation">) {
  const name = invitation?.organization.name;
  if (state === "declined") return "You have declined the invitation";
  if (state === "unusable") return "This invitation link can't be used any more";
  if (state === "other-address") return "This invitation is for another address";
  if (state === "shut") return `You cannot join ${name} now`;
  return state === "theirs" ? `Join ${name}?` : `You are invited to ${name}`;
}

function whyNot({ invitation }: Pick<Shown, "invitation">, why: WhyNotJoin) {
  return whyNotJoin(why, {
    organization: invitation?.organization.name ?? "the organization",
    inviter: invitation?.inviterName ?? "",
  });
}

function State({ page, token, isTold }: { page: Shown; token: string; isTold: boolean }) {
  const { state, invitation, reader, asked } = page;
  if (!invitation) return state === "declined" ? <Declined token={token} /> : <Unusable token={token} asked={asked} />;
  if (state === "shut") return <Shut page={page} isTold={isTold} />;
  if (!reader) return <SignedOut token={token} invitation={invitation} />;
  if (state === "theirs") return <Theirs token={token} invitation={invitation} email={reader.email} />;
  return <OtherAddress token={token} invitation={invitation} email={reader.email} asked={asked} />;
}

type Masked = ShownInvitation & { maskedAddress: string };

/** The invitation waits, but nobody is taken in by it as things are: there is nothing to press. */
function Shut({ page, isTold }: { page: Shown; isTold: boolean }) {
  const { invitation } = page;
  if (!invitation) return null;
  return (
    <>
      <InvitationCard invitation={invitation} to={invitation.isReaders ? "you" : invitation.maskedAddress} />
      {!isTold && invitation.notAdmitted && <Notice>{whyNot(page, invitation.notAdmitted)}</Notice>}
      <p>
        <ButtonLink to={paths.home}>Go to the start page</ButtonLink>
      </p>
    </>
  );
}

function SignedOut({ token, invitation }: { token: string; invitation: Masked }) {
  return (
    <>
      <InvitationCard invitation={invitation} to={invitation.maskedAddress} />
      <p>To join, sign in with the address that was invited. If it has no account yet, you can create one.</p>
      <div className="flex flex-wrap gap-2">
        <ButtonLink look="primary" reloadDocument to={paths.signIn(paths.join(token))}>
          Continue
        </ButtonLink>
        <DeclineForm token={token} />
      </div>
    </>
  );
}

function Theirs({ token, invitation, email }: { token: string; invitation: Masked; email: string }) {
  return (
    <>
      <InvitationCard invitation={invitation} to="you" />
      <div className="flex flex-wrap gap-2">
        <form method="post" action={paths.join(token)}>
          <Button look="primary" breaks>
            Join {invitation.organization.name} as {invitation.roleName}
          </Button>
        </form>
        <DeclineForm token={token} />
      </div>
      <p className="text-sm text-muted">
        You are signed in as <span className="wrap-anywhere">{email}</span>. Not you? <SwitchAccount token={token} />
      </p>
    </>
  );
}

function SwitchAccount({ token }: { token: string }) {
  return (
    <a href={paths.switchAccount(paths.join(token))} className="underline underline-offset-2 hover:text-ink">
      Switch account
    </a>
  );
}

function OtherAddress({
  token,
  invitation,
  email,
  asked,
}: {
  token: string;
  invitation: Masked;
  email: string;
  asked: boolean;
}) {
  const { organization, maskedAddress } = invitation;
  return (
    <>
      <p className="wrap-anywhere">
        You are signed in as {email}. This invitation to {organization.name} is for {maskedAddress}.
      </p>
      {asked && (
        <Notice tone="success">
          The people who can invite you have been told that you would like to join {organization.name} as {email}.
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <ButtonLink look="primary" reloadDocument to={paths.switchAccount(paths.join(token))}>
          Switch account
        </ButtonLink>
        {!asked && <AskForm token={token}>Ask for an invitation to {email}</AskForm>}
        <ButtonLink look="quiet" to={paths.home}>
          Not now
        </ButtonLink>
      </div>
    </>
  );
}

/** The same for a link that is expired, used, revoked, cut short or never was. */
function Unusable({ token, asked }: { token: string; asked: boolean }) {
  return (
    <>
      <p>It has been used, it has expired, somebody has taken it back, or a part of it is missing.</p>
      {asked ? <Asked /> : <p>If you have joined with it already, you find the organization among yours.</p>}
      <div className="flex flex-wrap gap-2">
        {!asked && (
          <AskForm token={token} look="primary">
            Ask for a new invitation
          </AskForm>
        )}
        <ButtonLink to={paths.home}>Go to the start page</ButtonLink>
      </div>
    </>
  );
}

function Asked() {
  return <Notice tone="success">If the link was real, the people who can invite you have been told.</Notice>;
}

function Declined({ token }: { token: string }) {
  return (
    <>
      <p>You have not joined, and the link can't be used any more. If you change your mind, ask for a new one.</p>
      <div className="flex flex-wrap gap-2">
        <AskForm token={token}>Ask for a new invitation</AskForm>
        <ButtonLink to={paths.home}>Go to the start page</ButtonLink>
      </div>
    </>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page ? titleOf(page) : "Invitation"} · Atrium` },
];
