// A bar that tells something: what was done, what went wrong, what changed meanwhile.
import { CircleAlert, CircleCheck, Info } from "lucide-react";
import { classes } from "./classes";

const tones = {
  info: { icon: Info, colours: "bg-accent-soft", mark: "text-accent" },
  success: { icon: CircleCheck, colours: "bg-success-soft", mark: "text-success" },
  danger: { icon: CircleAlert, colours: "bg-danger-soft", mark: "text-danger" },
};

export function Notice({
  tone = "info",
  children,
  actions,
}: {
  tone?: keyof typeof tones;
  children: React.ReactNode;
  actions?: React.ReactNode;
}) {
  const { icon: Icon, colours, mark } = tones[tone];
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={classes("flex flex-wrap items-center gap-x-3 gap-y-2 rounded-control px-3 py-2.5", colours)}
    >
      <Icon aria-hidden="true" className={classes("size-4 shrink-0", mark)} />
      <div className="min-w-0 flex-1 basis-48 wrap-anywhere">{children}</div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
