// Form fields wired to conform: label, hint, what is wrong, and the one typed so far.
import { useEffect, type InputHTMLAttributes, type TextareaHTMLAttributes } from "react";
import { classes } from "./classes";

/** What the fields read of conform's metadata; `value` follows the typing. */
interface Wiring {
  id: string;
  errorId: string;
  descriptionId: string;
  formId: string;
  name: string;
  key: string | undefined;
  defaultValue: string | undefined;
  value: unknown;
  errors: string[] | undefined;
}

interface Labelled {
  field: Wiring;
  label: string;
  hint?: React.ReactNode;
  optional?: boolean;
  /** Characters; stated in the hint and counted while typing, enforced by the server. */
  limit?: number;
}

type TextFieldProps = Labelled & Omit<InputHTMLAttributes<HTMLInputElement>, "name" | "form" | "defaultValue">;

export function TextField({ field, label, hint, optional, limit, className, ...input }: TextFieldProps) {
  return (
    <Labels {...{ field, label, hint, optional, limit }}>
      <input
        key={field.key}
        type="text"
        {...input}
        {...attributes(field, hint, limit)}
        className={classes("control", className)}
      />
    </Labels>
  );
}

type TextAreaProps = Labelled & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "name" | "form" | "defaultValue">;

export function TextArea({ field, label, hint, optional, limit, className, ...area }: TextAreaProps) {
  return (
    <Labels {...{ field, label, hint, optional, limit }}>
      <textarea
        key={field.key}
        rows={5}
        {...area}
        {...attributes(field, hint, limit)}
        className={classes("control resize-y leading-relaxed", className)}
      />
    </Labels>
  );
}

export interface Option {
  value: string;
  label: string;
}

export function SelectField({ field, label, hint, optional, options }: Labelled & { options: Option[] }) {
  return (
    <Labels {...{ field, label, hint, optional }}>
      <select key={field.key} {...attributes(field, hint)} className="control">
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labels>
  );
}

interface FormErrorsProps {
  form: { id: string; errors: string[] | undefined };
  /** Fields that nobody sees, so that what is wrong with them is told here. */
  hidden?: { errors: string[] | undefined }[];
}

/** What is wrong with the form as a whole. Brings the reader to the first wrong field when the page arrives with one. */
export function FormErrors({ form, hidden = [] }: FormErrorsProps) {
  useEffect(() => {
    document.forms.namedItem(form.id)?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [form.id]);
  const errors = [form, ...hidden].flatMap((wrong) => wrong.errors ?? []);
  if (errors.length === 0) return null;
  return (
    <div role="alert" className="rounded-control bg-danger-soft px-3 py-2.5 text-danger">
      {errors.map((error) => (
        <p key={error}>{error}</p>
      ))}
    </div>
  );
}

function Labels({ field, label, hint, optional, limit, children }: Labelled & { children: React.ReactNode }) {
  const described = hint || limit;
  return (
    <div className="grid gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={field.id} className="font-medium">
          {label}
          {optional && <span className="font-normal text-muted"> (optional)</span>}
        </label>
      </div>
      {children}
      {field.errors && (
        <p id={field.errorId} className="font-medium text-danger">
          {field.errors.join(" ")}
        </p>
      )}
      {described && (
        <p id={field.descriptionId} className="flex flex-wrap justify-between gap-x-4 text-xs text-muted">
          {hint && <span>{hint}</span>}
          {limit && <Counter value={field.value} limit={limit} />}
        </p>
      )}
    </div>
  );
}

/** States the limit; counts once four fifths of it are used, and as zod does: an emoji is one character. */
function Counter({ value, limit }: { value: unknown; limit: number }) {
  const length = typeof value === "string" ? Array.from(value).length : 0;
  const most = `${limit.toLocaleString("en")} characters`;
  if (length > limit) {
    return <span className="font-medium text-danger">{(length - limit).toLocaleString("en")} characters too many</span>;
  }
  return <span>{length < limit * 0.8 ? `Up to ${most}` : `${length.toLocaleString("en")} of ${most}`}</span>;
}

function attributes(field: Wiring, hint: React.ReactNode, limit?: number) {
  const described = [field.errors && field.errorId, (hint || limit) && field.descriptionId].filter(Boolean).join(" ");
  return {
    id: field.id,
    name: field.name,
    form: field.formId,
    defaultValue: field.defaultValue,
    "aria-invalid": field.errors ? true : undefined,
    "aria-describedby": described || undefined,
  };
}
