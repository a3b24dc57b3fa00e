// Tells of a refusal: what happened, what to do now, what was typed, and the ways out.
import { useLocation } from "@remix-run/react";
import type { Refusal } from "../http/refusal";
import { paths } from "../paths";
import { BarePage, useFocusOnHeading } from "./bare-page";
import { Button, ButtonLink } from "./button";
import { KeptForm, KeptText } from "./kept-form";

export function RefusalPage({ refusal }: { refusal: Refusal }) {
  const page = useFocusOnHeading();
  return (
    <div ref={page} className="contents">
      <BarePage title={refusal.title}>
        <div className="grid gap-1.5 wrap-anywhere">
          <p>{refusal.sentence}</p>
          <p className="text-muted">{refusal.next}</p>
        </div>
        <div className="flex flex-wrap gap-2">
          <WaysOut refusal={refusal} />
        </div>
        {refusal.kept && <KeptText kept={refusal.kept} />}
      </BarePage>
    </div>
  );
}

function WaysOut({ refusal }: { refusal: Refusal }) {
  switch (refusal.kind) {
    case "stale-organization":
      return <StaleOrganization refusal={refusal} />;
    case "signed-out":
      return <SignedOut refusal={refusal} />;
    case "access-changed":
    case "unavailable":
    case "too-many":
    case "unexpected":
      return <TryAgain refusal={refusal} />;
    case "removed":
      return (
        <ButtonLink look="primary" to={paths.organizations}>
          Choose an organization
        </ButtonLink>
      );
    case "policy-refused":
      return (
        <>
          <ButtonLink look="primary" reloadDocument to={paths.signIn()}>
            Sign in again
          </ButtonLink>
          <ButtonLink to={paths.organizations}>Choose an organization</ButtonLink>
        </>
      );
    case "forbidden":
      return <ButtonLink to={paths.posts}>Go to the posts</ButtonLink>;
    default:
      return <ButtonLink to={paths.home}>Go to the start page</ButtonLink>;
  }
}

function StaleOrganization({ refusal }: { refusal: Extract<Refusal, { kind: "stale-organization" }> }) {
  const { page, session, kept } = refusal;
  const { pathname, search } = useLocation();
  return (
    <>
      {page.name !== undefined && (
        <form method="post" action={paths.switchOrganization}>
          <input type="hidden" name="organization" value={page.id} />
          <input type="hidden" name="returnTo" value={pathname + search} />
          {kept && <input type="hidden" name="kept" value={JSON.stringify(kept)} />}
          <Button look="primary">Switch back to {page.name}</Button>
        </form>
      )}
      <ButtonLink reloadDocument to={paths.posts}>
        Stay in {session.name}
      </ButtonLink>
    </>
  );
}

/** With something typed, signing in happens in another tab, and this one stays to send it. */
function SignedOut({ refusal: { kept } }: { refusal: Refusal }) {
  const { pathname, search } = useLocation();
  if (!kept) {
    return (
      <ButtonLink look="primary" reloadDocument to={paths.signIn(pathname + search)}>
        Sign in
      </ButtonLink>
    );
  }
  return (
    <>
      <p className="w-full">Sign in in a new tab, then come back to this one and send again what you typed.</p>
      <ButtonLink look="primary" reloadDocument to={paths.signIn()} target="_blank" rel="noopener">
        Sign in (opens a new tab)
      </ButtonLink>
      <KeptForm kept={kept} look="plain">
        Send again
      </KeptForm>
    </>
  );
}

function TryAgain({ refusal: { kept } }: { refusal: Refusal }) {
  const { pathname, search } = useLocation();
  if (kept) return <KeptForm kept={kept}>Try again</KeptForm>;
  return (
    <ButtonLink look="primary" reloadDocument to={pathname + search}>
      Try again
    </ButtonLink>
  );
}
