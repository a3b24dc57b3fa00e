// Buttons, and links that look like buttons. One that cannot be used says why, to the eye and to a screen reader.
import { Link, type LinkProps } from "@remix-run/react";
import { createContext, useContext, useId, type ButtonHTMLAttributes } from "react";
import { classes } from "./classes";

const looks = {
  primary: "bg-accent-fill text-white font-medium hover:bg-accent-fill-over",
  plain: "border border-line bg-surface font-medium shadow-[0_1px_1px_rgb(0_0_0/0.03)] hover:bg-sunken",
  quiet: "text-muted hover:bg-sunken hover:text-ink",
  danger: "bg-danger-fill text-white font-medium hover:bg-danger-fill-over",
  "danger-quiet": "border border-line bg-surface font-medium text-danger hover:bg-danger-soft",
};

export type Look = keyof typeof looks;

const shape =
  "inline-flex min-h-8.5 items-center justify-center gap-1.5 rounded-control px-3 py-1 pointer-coarse:min-h-10 [&_svg]:size-4 [&_svg]:shrink-0";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  /** The words are a name's, which may be long. */
  breaks?: boolean;
  disabledBecause?: string;
}

/** In a form that cannot be sent: the id of the sentence that says why. */
export const ClosedForm = createContext<string | undefined>(undefined);

const breaking = "max-w-full text-left wrap-anywhere";

export function Button({ look = "plain", breaks, disabledBecause, className, ...button }: ButtonProps) {
  const closedBecause = useContext(ClosedForm);
  if (disabledBecause !== undefined)
    return <DisabledButton because={disabledBecause}>{button.children}</DisabledButton>;
  if (closedBecause !== undefined && button.type === undefined)
    return <ClosedButton reason={closedBecause}>{button.children}</ClosedButton>;
  const wrap = breaks ? breaking : "whitespace-nowrap";
  return <button type="submit" {...button} className={classes(shape, wrap, looks[look], className)} />;
}

export function ButtonLink({ look = "plain", className, ...link }: LinkProps & { look?: Look }) {
  return <Link {...link} className={classes(shape, "whitespace-nowrap", looks[look], className)} />;
}

/** Stays in the tab order, so that the reason is found; has no type that could send a form. The reason is the last line of the row of buttons. */
function DisabledButton({ because, children }: { because: string; children: React.ReactNode }) {
  const reason = useId();
  return (
    <span className="contents">
      <ClosedButton reason={reason}>{children}</ClosedButton>
      <span id={reason} className="order-last w-full text-xs text-muted">
        {because}
      </span>
    </span>
  );
}

function ClosedButton({ reason, children }: { reason: string; children: React.ReactNode }) {
  return (
    <button
      type="button"
      aria-disabled="true"
      aria-describedby={reason}
      className={classes(shape, breaking, "cursor-not-allowed border border-line bg-sunken font-medium text-muted")}
    >
      {children}
    </button>
  );
}
