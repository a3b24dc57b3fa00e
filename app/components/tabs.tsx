// Pages that stand beside each other under one heading, as links.
import { NavLink } from "@remix-run/react";

export interface Tab {
  name: string;
  to: string;
  /** How many wait behind it; none is not shown. */
  count?: number;
}

export function Tabs({ label, tabs }: { label: string; tabs: Tab[] }) {
  return (
    <nav aria-label={label} className="mb-4 border-b border-line">
      <ul className="-mb-px flex gap-1 overflow-x-auto">
        {tabs.map(({ name, to, count }) => (
          <li key={to}>
            <NavLink
              to={to}
              end
              className="flex min-h-9 items-center gap-1.5 border-b-2 border-transparent px-2.5 whitespace-nowrap text-muted -outline-offset-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink pointer-coarse:min-h-11"
            >
              {name}
              {count ? <span className="rounded-full bg-sunken px-1.5 text-xs tabular-nums">{count}</span> : null}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
