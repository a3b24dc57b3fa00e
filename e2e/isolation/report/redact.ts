// Takes out of evidence what opens something: a report is passed on.
import type { Evidence } from "../part";

const secrets: [RegExp, string][] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "<a token>"],
  [/([\w-]{22}\.)[\w-]{22}\b/g, "$1<the rest of the link>"],
  [/\b(code|state|code_challenge|code_verifier|id_token_hint|refresh_token)=[\w.~%-]+/g, "$1=<taken out>"],
  [/(__session|__Host-session)=[^;\s'"]+/g, "$1=<taken out>"],
];

const without = (text: string) => secrets.reduce((left, [pattern, instead]) => left.replaceAll(pattern, instead), text);

export function redacted({ what, text, curl }: Evidence): Evidence {
  return { what: without(what), text: without(text), ...(curl && { curl: without(curl) }) };
}
