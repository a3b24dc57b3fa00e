// In the browser: what has been typed into the page's forms and not been sent. It outlives what happens to the page.

import type { ShouldRevalidateFunction } from "@remix-run/react";

type TextField = HTMLInputElement | HTMLTextAreaElement;

/** Text of a form, with the name of its field. */
export interface Typed {
  /** Where the form goes. */
  action: string;
  fields: [name: string, value: string][];
}

const typedInto = new WeakSet<EventTarget>();

export function watchTyping(): void {
  document.addEventListener("input", ({ target }) => target && typedInto.add(target), { capture: true });
}

export function isTyping(): boolean {
  return typedFields().length > 0;
}

/** What was typed into the form that holds most of it. */
export function typedText(): Typed | undefined {
  const fields = typedFields();
  const longest = fields.toSorted((one, other) => other.value.length - one.value.length)[0];
  const form = longest?.form;
  if (!form) return undefined;
  const mine = fields.filter((field) => field.form === form);
  return { action: form.getAttribute("action") ?? "", fields: mine.map(({ name, value }) => [name, value]) };
}

/** Puts a text back where it was typed. */
export function typeAgain({ action, fields }: Typed): void {
  const forms = [...document.forms].filter((form) => (form.getAttribute("action") ?? "") === action);
  for (const [name, value] of fields) {
    const field = forms.flatMap((form) => [...form.elements]).find((one) => isText(one) && one.name === name);
    if (!field || !isText(field)) continue;
    const { prototype } = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(field, value); // past React, which then hears of it
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function typedFields(): TextField[] {
  return [...document.forms]
    .filter((form) => form.getAttribute("method") === "post")
    .flatMap((form) => [...form.elements].filter(isText))
    .filter((field) => field.value.trim() !== "" && (typedInto.has(field) || field.value !== field.defaultValue));
}

const kinds = ["text", "email", "url", "tel"];

function isText(element: Element): element is TextField {
  if (element instanceof HTMLTextAreaElement) return true;
  return element instanceof HTMLInputElement && kinds.includes(element.type) && element.name !== "";
}

/** For a route that is a form: while something is being typed into it, only its frame is read anew. */
export const keepWhileTyping: ShouldRevalidateFunction = ({
  currentUrl,
  nextUrl,
  formMethod,
  defaultShouldRevalidate,
}) => {
  const isReread = formMethod === undefined && currentUrl.href === nextUrl.href;
  return defaultShouldRevalidate && !(isReread && isTyping());
};
