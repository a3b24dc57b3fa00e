// A page outside any organization: signing in, choosing an organization, being told of a refusal.
import { Link } from "@remix-run/react";
import { paths } from "../paths";
import { AtriumMark } from "./atrium-mark";
import { SkipLink } from "./shell";

export function BarePage({ aside, children }: { aside?: React.ReactNode; children: React.ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col bg-canvas">
      <SkipLink />
      <header className="flex items-center justify-between gap-4 px-4 py-4 sm:px-8">
        <Link to={paths.home} className="-ml-1 flex items-center gap-2.5 rounded-control p-1">
          <AtriumMark className="size-7" />
          <span className="text-lg font-semibold tracking-tight">Atrium</span>
        </Link>
        {aside}
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-2xl flex-1 px-4 pt-6 pb-16 sm:pt-14">
        {children}
      </main>
    </div>
  );
}

/** The one thing such a page is about. */
export function Panel({ children }: { children: React.ReactNode }) {
  return <div className="rounded-panel border border-line bg-surface p-5 sm:p-8">{children}</div>;
}
