// What can be done with one row of a table. Links and small forms, so that it works without JavaScript.
import { Link, useLocation } from "@remix-run/react";
import { Ellipsis } from "lucide-react";
import { useEffect, useRef } from "react";
import { classes } from "./classes";
import { menuRow, useMenu } from "./menu";
import { MemberForm } from "./page-organization";

export function RowMenu({
  of,
  children,
}: {
  /** What the row is about: "Ben". */ of: string;
  children: React.ReactNode;
}) {
  const menu = useMenu();
  const { ref } = menu;
  const { key } = useLocation();
  const shownFor = useRef(key);
  // What was chosen is done, and the page is the same one: the reader stands at the row again.
  useEffect(() => {
    const details = ref.current;
    if (shownFor.current === key) return;
    shownFor.current = key;
    if (!details?.open) return;
    const wasInside = details.contains(document.activeElement);
    details.open = false;
    if (wasInside) details.querySelector("summary")?.focus();
  }, [ref, key]);
  return (
    <details {...menu} className="group relative -my-1 inline-block text-left">
      <summary
        aria-label={`What can be done with ${of}`}
        className="grid size-8 place-items-center rounded-control text-muted group-open:bg-sunken group-open:text-ink hover:bg-sunken hover:text-ink pointer-coarse:size-10"
      >
        <Ellipsis aria-hidden="true" className="size-4" />
      </summary>
      <div className="absolute top-full right-0 z-10 mt-1 grid w-64 gap-0.5 rounded-panel border border-line bg-surface p-1.5 shadow-pop">
        {children}
      </div>
    </details>
  );
}

const row =
  "flex min-h-8 w-full items-center rounded-control px-2 py-1 text-left wrap-anywhere -outline-offset-1 hover:bg-sunken pointer-coarse:min-h-11";

export function RowMenuLink({ to, danger, children }: { to: string; danger?: boolean; children: string }) {
  return (
    <Link {...menuRow(children)} to={to} className={classes(row, danger && "text-danger")}>
      {children}
    </Link>
  );
}

interface RowMenuButtonProps {
  action: string;
  /** Fields of the form beside the page's organization. */
  fields?: Record<string, string>;
  danger?: boolean;
  children: string;
}

export function RowMenuButton({ action, fields = {}, danger, children }: RowMenuButtonProps) {
  return (
    <MemberForm action={action} preventScrollReset>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button {...menuRow(children)} type="submit" className={classes(row, danger && "text-danger")}>
        {children}
      </button>
    </MemberForm>
  );
}

/** Why something cannot be done, or what is to be known of the row. */
export function RowMenuNote({ children }: { children: React.ReactNode }) {
  return <p className="px-2 py-1 text-xs text-muted">{children}</p>;
}
