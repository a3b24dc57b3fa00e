// The way on and back through a list that is read page by page.
import { ArrowLeft, ArrowRight } from "lucide-react";
import { ButtonLink } from "./button";

interface Way {
  to: string;
  name: string;
}

export function Paging({ label, first, next }: { label: string; first?: Way; next?: Way }) {
  if (!first && !next) return null;
  return (
    <nav aria-label={label} className="flex items-center justify-between gap-2 border-t border-line px-3 py-2.5">
      {first ? (
        <ButtonLink look="quiet" to={first.to}>
          <ArrowLeft aria-hidden="true" /> {first.name}
        </ButtonLink>
      ) : (
        <span />
      )}
      {next && (
        <ButtonLink look="quiet" to={next.to} rel="next">
          {next.name} <ArrowRight aria-hidden="true" />
        </ButtonLink>
      )}
    </nav>
  );
}
