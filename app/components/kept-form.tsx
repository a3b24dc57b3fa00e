// What was typed into a form that was refused: to read, to copy, and to send again.
import { useContext } from "react";
import type { Kept } from "../http/refusal";
import { organizationField } from "../paths";
import { Button, type Look } from "./button";
import { PageOrganization } from "./page-organization";

/** Sends the same fields to the same place. They keep the organization that they were typed for. */
export function KeptForm({ kept, look = "primary", children }: { kept: Kept; look?: Look; children: React.ReactNode }) {
  const page = useContext(PageOrganization);
  const named = kept.fields.some(([name]) => name === organizationField);
  return (
    <form method="post" action={kept.action}>
      {!named && page !== null && <input type="hidden" name={organizationField} value={page} />}
      {kept.fields.map(([name, value], index) => (
        <input key={index} type="hidden" name={name} value={value} />
      ))}
      <Button look={look}>{children}</Button>
    </form>
  );
}

/** The fields that a person typed, as text. */
export function KeptText({ kept }: { kept: Kept }) {
  const typed = kept.fields.filter(([name, value]) => value.trim() !== "" && !isMachinery(name));
  if (typed.length === 0) return null;
  return (
    <section aria-labelledby="kept">
      <h2 id="kept" className="mb-2 font-semibold">
        What you typed is kept
      </h2>
      <dl className="grid gap-3">
        {typed.map(([name, value], index) => (
          <div key={index} className="rounded-control border border-line bg-canvas px-3 py-2">
            <dt className="text-xs text-muted">{inWords(name)}</dt>
            <dd className="max-h-72 overflow-y-auto whitespace-pre-wrap wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function isMachinery(name: string) {
  return name.startsWith("_") || name === "version" || name === "key" || name === "status";
}

/** As the form calls it: a post's and a comment's `body` stands under "Text" there. */
function inWords(name: string) {
  if (name === "body") return "Text";
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll(/[-_.]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
