// The top of a page: where one came from, what this is, and what can be done here.
import { Link } from "@remix-run/react";
import { ChevronLeft } from "lucide-react";

export function PageHeader({
  title,
  back,
  children,
  actions,
}: {
  title: string;
  back?: { to: string; name: string };
  /** What stands under the title. */
  children?: React.ReactNode;
  actions?: React.ReactNode;
}) {
  return (
    <header className="mb-5">
      {back && (
        <Link
          to={back.to}
          className="-ml-1 mb-2 inline-flex items-center print:hidden gap-0.5 text-sm text-muted hover:text-ink"
        >
          <ChevronLeft aria-hidden="true" className="size-4" />
          {back.name}
        </Link>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 tabIndex={-1} className="text-xl font-semibold tracking-tight text-balance wrap-anywhere">
            {title}
          </h1>
          {children && <div className="mt-1 text-muted">{children}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </header>
  );
}
