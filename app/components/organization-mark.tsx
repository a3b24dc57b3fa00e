// An organization at a glance: its colour and its initials. Decoration: the name always stands beside it.
import { classes } from "./classes";

export interface MarkedOrganization {
  name: string;
  /** One of the twelve colours of styles.css, 0 to 11. */
  colour: number;
  initials?: string;
}

const sizes = {
  small: "size-5 rounded-[0.3125rem] text-[0.625rem]",
  medium: "size-7 rounded-control text-xs",
  large: "size-10 rounded-panel text-base",
};

export function OrganizationMark({
  organization,
  size = "medium",
}: {
  organization: MarkedOrganization;
  size?: keyof typeof sizes;
}) {
  return (
    <span
      aria-hidden="true"
      className={classes(
        "organization-mark grid shrink-0 place-items-center font-semibold tracking-tight select-none",
        organizationColour(organization),
        sizes[size],
      )}
    >
      {organization.initials ?? initialsOf(organization.name)}
    </span>
  );
}

export function organizationColour({ colour }: MarkedOrganization) {
  return `organization-${colour}`;
}

export function initialsOf(name: string) {
  const words = name.split(/[\s\-_/]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.map((word) => word.match(/[\p{L}\p{N}]/u)?.[0] ?? "");
  return (letters.length > 1 ? letters.slice(0, 2).join("") : (letters[0] ?? "•")).toUpperCase();
}
