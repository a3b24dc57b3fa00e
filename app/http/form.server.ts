// Reads what a form sent. Two steps: the body into fields (400 and 415 are thrown), the fields into a value (422 is returned).
import { isUtf8 } from "node:buffer";
import type { Submission, SubmissionResult } from "@conform-to/react";
import { parseWithZod } from "@conform-to/zod/v4";
import { data } from "@remix-run/node";
import { z } from "zod";
import { fieldSentence } from "./field-sentences.server";
import { badRequest, unsupportedType } from "./responses.server";

const mostFields = 256;
const mostKeptBytes = 256 * 1024;

/**
 * The fields of a body, strictly read: what is not valid UTF-8, not well-formed, or holds a NUL character is refused with 400.
 * Line breaks, which browsers send as CRLF, come as LF, so that a text is as long as its writer counted it. No body: no fields.
 */
export async function readFields(body: Buffer | undefined, contentType: string | undefined): Promise<FormData> {
  if (!body?.length) return new FormData();
  const [type, ...parameters] = (contentType ?? "").toLowerCase().split(";");
  const sent = await entriesOf(body, {
    type: type?.trim(),
    contentType: contentType ?? "",
    charset: charsetOf(parameters),
  });
  if (sent.length > mostFields) throw badRequest(`More than ${mostFields} fields came, which no form of ours sends.`);
  const fields = new FormData();
  for (const [name, value] of sent) {
    if (typeof value !== "string") fields.append(name, value);
    else if (/\0/.test(name + value)) throw badRequest("The form holds a character that no text has (NUL).");
    else fields.append(name, value.replace(/\r\n?/g, "\n"));
  }
  return fields;
}

type Sent<Schema extends z.ZodObject> = Submission<z.input<Schema>, string[], z.output<Schema>>;
export type ParsedForm<Schema extends z.ZodObject> =
  { ok: true; value: z.output<Schema>; submission: Sent<Schema> } | { ok: false; submission: Sent<Schema> };

/**
 * The fields as the schema's value. Only names of the schema are looked at. A field that is no list may come once:
 * twice is refused with 400, since no page of ours sends that and whoever reads it might read the other one.
 */
export function parseForm<Schema extends z.ZodObject>(fields: FormData, schema: Schema): ParsedForm<Schema> {
  const ours = new FormData();
  for (const [name, value] of fields) {
    const head = name.split(/[.[]/, 1)[0] ?? "";
    const field = Object.hasOwn(schema.shape, head) && schema.shape[head];
    if (!field) continue;
    if (!isOrdinaryName(name)) throw badRequest("A field of this form has a name that no form of ours sends.");
    if (ours.has(name) && !isList(field)) throw badRequest(`The form sent its field "${name}" more than once.`);
    ours.append(name, value);
  }
  const submission: Sent<Schema> = parseWithZod(ours, { schema, error: fieldSentence, async: false });
  return submission.status === "success"
    ? { ok: true, value: submission.value, submission }
    : { ok: false, submission };
}

/**
 * A text that may be empty, but has to come. Conform gives an empty field of a string as one that was not sent; this tells them apart, so that a form
 * which lacks the field does not empty what is stored.
 */
export const maybeEmpty = () => z.custom<string>((sent) => typeof sent === "string", "Reload this page and try again.");

/** The answer to a form that was not right, or that a model refused: what was typed comes back, with sentences at the fields. */
export function invalid(form: Answerable, errors: Errors = {}, status = 422) {
  return data({ result: form.submission.reply({ ...errors }) }, { status });
}

type Errors = { formErrors?: string[]; fieldErrors?: Record<string, string[]> };
type Answerable = { submission: { reply: (errors: Errors) => SubmissionResult } };

/** What was typed, for a page that offers it again: not our own hidden fields, no password, no more than 256 KB. A chosen file is kept as its text. */
export async function keptFields(fields: FormData): Promise<[name: string, value: string][]> {
  const kept: [string, string][] = [];
  let room = mostKeptBytes;
  for (const [name, given] of fields) {
    if (name.startsWith("_") || /password/i.test(name)) continue;
    const value = typeof given === "string" ? given : given.size > room ? undefined : await textOf(given);
    if (value === undefined) continue;
    const size = Buffer.byteLength(name) + Buffer.byteLength(value);
    if (size > room) continue;
    room -= size;
    kept.push([name, value]);
  }
  return kept;
}

/** Undefined when the file is empty (nothing was chosen), or holds what no text has. */
async function textOf(file: File): Promise<string | undefined> {
  const text = await file.text();
  return text === "" || /[\0\uFFFD]/.test(text) ? undefined : text.replace(/\r\n?/g, "\n");
}

type Encoding = { type: string | undefined; contentType: string; charset: string };

async function entriesOf(
  body: Buffer,
  { type, contentType, charset }: Encoding,
): Promise<[string, FormDataEntryValue][]> {
  if (charset !== "utf-8") throw unsupportedType("Forms are read as UTF-8 only.");
  try {
    if (type === "application/x-www-form-urlencoded") return urlencoded(body);
    if (type === "multipart/form-data") return await multipart(body, contentType);
  } catch {
    throw badRequest("The form did not arrive whole, or is not written as forms are.");
  }
  throw unsupportedType("Only forms are read here: application/x-www-form-urlencoded or multipart/form-data.");
}

/** Throws on anything that is not percent-encoded UTF-8; URLSearchParams would put U+FFFD for it and go on. */
function urlencoded(body: Buffer): [string, string][] {
  if (!isUtf8(body)) throw new TypeError("not UTF-8");
  const decoded = (text: string) => decodeURIComponent(text.replaceAll("+", " "));
  return body
    .toString("utf8")
    .split("&", mostFields + 1)
    .filter(Boolean)
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decoded(name), decoded(value.join("="))];
    });
}

async function multipart(body: Buffer, contentType: string): Promise<[string, FormDataEntryValue][]> {
  const read = await new Response(new Uint8Array(body), { headers: { "Content-Type": contentType } }).formData();
  const entries = [...read];
  const onlyText = entries.every(([, value]) => typeof value === "string");
  // A file may hold any bytes; where a text held some that are none, U+FFFD stands now.
  const spoilt = entries.some(([name, value]) => /\uFFFD/.test(typeof value === "string" ? name + value : name));
  if ((onlyText || spoilt) && !isUtf8(body)) throw new TypeError("not UTF-8");
  return entries;
}

function charsetOf(parameters: string[]): string {
  const named = parameters.find((parameter) => parameter.trim().startsWith("charset="));
  const charset = named?.split("=")[1]?.replaceAll('"', "").trim() ?? "utf-8";
  return charset === "utf8" ? "utf-8" : charset;
}

/** `title`, `lines[2].text`. A great index would make conform build a list of that length, a long path one of that depth. */
function isOrdinaryName(name: string): boolean {
  return name.length <= 100 && /^[^.[\]]+(\.[^.[\]]+|\[\d{0,2}\])*$/.test(name);
}

function isList(field: z.core.$ZodType): boolean {
  if (field instanceof z.ZodArray || field instanceof z.ZodSet) return true;
  if (field instanceof z.ZodPipe) return isList(field.in) || isList(field.out);
  return field instanceof z.ZodOptional || field instanceof z.ZodNullable || field instanceof z.ZodDefault
    ? isList(field.unwrap())
    : false;
}
