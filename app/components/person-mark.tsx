// A person at a glance: their initials. Decoration: the name always stands beside it.
import { initialsOf } from "./organization-mark";

export function PersonMark({ name }: { name: string }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-8 shrink-0 place-items-center rounded-full bg-sunken text-xs font-semibold tracking-tight text-muted select-none"
    >
      {initialsOf(name)}
    </span>
  );
}
