// A part of a page under a heading of its own, with what can be done there beside it.
import { useId } from "react";

interface PanelProps {
  title: string;
  actions?: React.ReactNode;
  children: React.ReactNode;
}

export function Panel({ title, actions, children }: PanelProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="rounded-panel border border-line px-4 py-3.5">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 id={heading} className="text-lg font-semibold tracking-tight">
          {title}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
