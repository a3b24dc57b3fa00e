// A field of a filter, which is a form that works by its address: a choice of a list, a text or a day, and what is wrong with it.
import { useId } from "react";
import type { Option } from "./field";

interface FilterFieldProps {
  name: string;
  label: string;
  /** What the address says, by the names of the fields, and what is wrong with it. */
  asked: Record<string, string | undefined>;
  faults: Record<string, string | undefined>;
  type?: "search" | "date";
  options?: Option[];
  /** The choice that leaves nothing out. */
  all?: string;
}

export function FilterField({ name, label, asked, faults, type, options, all }: FilterFieldProps) {
  const id = useId();
  const fault = faults[name];
  const field = {
    ...{ id, name, defaultValue: asked[name] ?? "", className: "control" },
    "aria-invalid": fault ? true : undefined,
    "aria-describedby": fault ? `${id}-fault` : undefined,
  };
  // A browser shows nothing in a date field that holds no day: then it is a text, so that what was typed is seen.
  const shownType = type === "date" && fault ? "text" : type;
  return (
    <div className="grid min-w-0 content-start gap-1">
      <label htmlFor={id} className="text-xs font-medium text-muted">
        {label}
      </label>
      {options ? (
        <select {...field}>
          <option value="">{all}</option>
          {options.map(({ value, label: words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      ) : (
        <input {...field} type={shownType} />
      )}
      {fault && (
        <p id={`${id}-fault`} className="font-medium text-danger">
          {fault}
        </p>
      )}
    </div>
  );
}
