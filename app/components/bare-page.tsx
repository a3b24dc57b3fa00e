// A page that needs no organization: one narrow column under the product's name, or inside the frame of the organization one is in.
import { Link } from "@remix-run/react";
import { useContext, useEffect, useRef } from "react";
import { paths } from "../paths";
import { AtriumMark } from "./atrium-mark";
import { PageHeader } from "./page-header";
import { PageOrganization } from "./page-organization";
import { SkipLink } from "./shell";

interface BarePageProps {
  title: string;
  /** Who is signed in, on pages without the sidebar. */
  aside?: React.ReactNode;
  children: React.ReactNode;
}

export function BarePage({ title, aside, children }: BarePageProps) {
  const framed = useContext(PageOrganization) !== null;
  const content = (
    <>
      <PageHeader title={title} />
      <div className="grid gap-4">{children}</div>
    </>
  );
  if (framed) return <div className="max-w-xl">{content}</div>;
  return (
    <BareFrame aside={aside}>
      <div className="rounded-panel border border-line p-5 sm:p-8">{content}</div>
    </BareFrame>
  );
}

export function BareFrame({ aside, children }: Pick<BarePageProps, "aside" | "children">) {
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="mx-auto flex w-full max-w-xl items-center justify-between gap-4 px-4 py-5 sm:px-6">
        <Link to={paths.home} className="-ml-1 flex items-center gap-2.5 rounded-control p-1">
          <AtriumMark className="size-7" />
          <span className="text-lg font-semibold tracking-tight">Atrium</span>
        </Link>
        {aside}
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-xl flex-1 px-4 pt-4 pb-16 sm:px-6 sm:pt-12">
        {children}
      </main>
    </div>
  );
}

/** For a page that takes the place of another without a move: its heading is where the reader goes on. */
export function useFocusOnHeading() {
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => page.current?.querySelector<HTMLElement>("h1")?.focus(), []);
  return page;
}
