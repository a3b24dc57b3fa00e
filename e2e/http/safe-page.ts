// A page in which nothing runs but what the server put there for this answer.
import { expect } from "../journey";
import { nonceOf, type Answer } from "./ask";

/** Every script has the answer's nonce, no tag has a handler, a style or a script for an address, and no comment or script was cut open. */
export function expectSafePage(answer: Answer): void {
  const { text } = answer;
  const nonce = nonceOf(answer);
  expect(text).toMatch(/^<!doctype html>/i);
  const scripts = [...text.matchAll(/<script\b[^>]*>/gi)].map(([tag]) => tag);
  expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
  const tags = text.replaceAll(/<script\b[\s\S]*?<\/script>/gi, "").match(/<[a-z](?:"[^"]*"|[^">])*>/gi) ?? [];
  expect(
    tags.filter((tag) =>
      isActive(tag.replaceAll(/"[^"]*"/g, (value) => (/^"\s*javascript:/i.test(value) ? "js:" : '""'))),
    ),
  ).toEqual([]);
}

const isActive = (tag: string) => /\s(on\w+|style|srcdoc)=|js:/i.test(tag);
