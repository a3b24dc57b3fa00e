// What a list shows when it has nothing: a sentence, and what to do about it.
import type { LucideIcon } from "lucide-react";

export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon;
  title: string;
  children?: React.ReactNode;
  action?: React.ReactNode;
}) {
  return (
    <div className="flex flex-col items-center px-6 py-14 text-center">
      <span className="mb-4 grid size-10 place-items-center rounded-full bg-sunken text-muted">
        <Icon aria-hidden="true" className="size-5" />
      </span>
      <p className="text-lg font-semibold tracking-tight">{title}</p>
      {children && <div className="mt-1 max-w-sm text-balance wrap-anywhere text-muted">{children}</div>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}
