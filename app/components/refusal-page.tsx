// Tells of a refusal: what happened, what to do now, what was typed, and the ways out.
import { useLocation } from "@remix-run/react";
import { useEffect, useRef } from "react";
import type { Refusal } from "../http/refusal";
import { paths } from "../paths";
import { Button, ButtonLink } from "./button";
import { KeptForm, KeptText } from "./kept-form";

export function RefusalPage({ refusal }: { refusal: Refusal }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="grid max-w-xl gap-6">
      <header className="grid gap-2">
        <p className="text-sm text-muted tabular-nums">{refusal.status}</p>
        <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold tracking-tight text-balance wrap-anywhere">
          {refusal.title}
        </h1>
        <p className="wrap-anywhere">{refusal.sentence}</p>
        <p className="wrap-anywhere text-muted">{refusal.next}</p>
      </header>
      <div className="flex flex-wrap gap-2">
        <WaysOut refusal={refusal} />
      </div>
      {refusal.kept && <KeptText kept={refusal.kept} />}
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
          <input type="hidden" name="resume" value={pathname + search} />
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
      <ButtonLink reloadDocument to={paths.signIn()} target="_blank" rel="noopener">
        Sign in (opens a new tab)
      </ButtonLink>
      <KeptForm kept={kept}>Send again</KeptForm>
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
