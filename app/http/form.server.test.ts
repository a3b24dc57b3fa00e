import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { invalid, keptFields, maybeEmpty, parseForm, readFields } from "./form.server";

const urlencoded = "application/x-www-form-urlencoded";

async function fieldsOf(body: string | Buffer, type: string | undefined = urlencoded) {
  return [...(await readFields(Buffer.from(body), type))];
}

async function refusalOf(reading: Promise<unknown>): Promise<{ status: number; sentence: string }> {
  const thrown: unknown = await reading.then(() => "was read").catch((error: unknown) => error);
  if (!(thrown instanceof Response)) throw new Error(`Not refused with a Response: ${String(thrown)}`);
  return thrown.json();
}

const multipartOf = async (fields: FormData) => {
  const form = new Response(fields);
  return [Buffer.from(await form.arrayBuffer()), form.headers.get("content-type") ?? ""] as const;
};

function formOf(...fields: [string, string | File][]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value as string); // append takes a File too, in another overload
  return form;
}

function partOf(name: string, value: string, file?: string): string {
  const type = file ? `; filename="${file}"\r\nContent-Type: application/octet-stream` : "";
  return `--x\r\nContent-Disposition: form-data; name="${name}"${type}\r\n\r\n${value}\r\n`;
}

describe("reading a form's body", () => {
  it("gives Ada's fields as she typed them, in order", async () => {
    expect(await fieldsOf("title=Tea+%26+cake&body=caf%C3%A9=%F0%9F%8D%B5&empty=&bare")).toEqual([
      ["title", "Tea & cake"],
      ["body", "café=🍵"],
      ["empty", ""],
      ["bare", ""],
    ]);
  });

  it("counts a line break as one character, as the page's counter does", async () => {
    expect(await fieldsOf("body=one%0D%0Atwo%0Dthree%0Afour")).toEqual([["body", "one\ntwo\nthree\nfour"]]);
  });

  it("reads no body as no fields, whatever its type", async () => {
    expect([...(await readFields(undefined, undefined))]).toEqual([]);
    expect([...(await readFields(Buffer.alloc(0), "application/json"))]).toEqual([]);
  });

  it("reads multipart with texts and files", async () => {
    const [body, type] = await multipartOf(formOf(["title", "Tea ü"], ["picture", new File(["bytes"], "tea.png")]));
    const [title, picture] = await fieldsOf(body, type);
    expect(title).toEqual(["title", "Tea ü"]);
    expect(picture?.[1]).toMatchObject({ name: "tea.png", size: 5 });
  });

  it("takes a file of any bytes", async () => {
    const body = Buffer.from(`${partOf("a", "tea")}${partOf("b", "\xff\xfe", "b.bin")}--x--\r\n`, "latin1");
    const [title, picture] = await fieldsOf(body, "multipart/form-data; boundary=x");
    expect(title).toEqual(["a", "tea"]);
    expect(picture?.[1]).toMatchObject({ name: "b.bin", size: 2 });
  });

  it.each([
    ["JSON", "application/json", '{"title":"x"}'],
    ["plain text, which another site may send without asking", "text/plain", "title=x"],
    ["no type at all", undefined, "title=x"],
    ["another charset", `${urlencoded}; charset=iso-8859-1`, "title=x"],
    ["an odd type", "\u0000;;;=", "title=x"],
  ])("answers 415 to %s", async (_what, type, body) => {
    const refused = await refusalOf(readFields(Buffer.from(body), type));
    expect(refused.status).toBe(415);
    expect(refused.sentence).toMatch(/\.$/);
  });

  it.each([
    ["bytes that are not UTF-8", Buffer.from("title=caf\xe9", "latin1"), urlencoded],
    ["an escape that is not UTF-8", "title=caf%E9", urlencoded],
    ["a lone surrogate", "title=%ED%A0%80", urlencoded],
    ["a cut escape", "title=%2", urlencoded],
    ["a NUL in a value", "title=a%00b", urlencoded],
    ["a NUL in a name", "ti%00tle=a", urlencoded],
    ["257 fields", "a=1&".repeat(257), urlencoded],
    ["multipart without a boundary", "--x\r\n", "multipart/form-data"],
    [
      "multipart cut short",
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nhal',
      "multipart/form-data; boundary=x",
    ],
    [
      "multipart that is not UTF-8",
      Buffer.from('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xe9\r\n--x--\r\n', "latin1"),
      "multipart/form-data; boundary=x",
    ],
    [
      "a text that is not UTF-8 beside a file",
      Buffer.from(`${partOf("a", "caf\xe9")}${partOf("b", "bytes", "b.bin")}--x--\r\n`, "latin1"),
      "multipart/form-data; boundary=x",
    ],
  ])("answers 400 to %s", async (_what, body, type) => {
    expect((await refusalOf(readFields(Buffer.from(body), type))).status).toBe(400);
  });

  it("takes as many as 256 fields", async () => {
    expect(await fieldsOf("a=1&".repeat(256))).toHaveLength(256);
  });

  it("gives back any text that a browser can send", async () => {
    const text = fc.string({ unit: "grapheme" }).filter((value) => !/[\0\r]/.test(value));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 20 }), async (fields) => {
        const body = new URLSearchParams(fields).toString();
        expect(await fieldsOf(body, `${urlencoded}; charset=UTF-8`)).toEqual(fields);
      }),
    );
  });

  it("answers any bytes of any type with fields, 400 or 415", async () => {
    const types = fc.oneof(
      fc.constantFrom(
        urlencoded,
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=",
        `${urlencoded};charset`,
      ),
      fc.string({ unit: "binary", maxLength: 60 }),
    );
    const pieces = [
      "--x",
      "\r\n",
      'Content-Disposition: form-data; name="a"',
      '; filename="',
      "--x--",
      "%",
      "&",
      "=",
      "\0",
      "[",
      ".",
    ];
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      fc
        .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 5 })), { maxLength: 30 })
        .map((all) => Buffer.from(all.join(""))),
    );
    await fc.assert(
      fc.asyncProperty(bodies, fc.option(types, { nil: undefined }), async (body, type) => {
        const answer: unknown = await readFields(body, type).catch((error: unknown) => error);
        expect([200, 422, 400, 415]).toContain(answer instanceof FormData ? statusOf(answer) : refusalStatus(answer));
      }),
      { numRuns: 1000 },
    );
  });
});

const PostForm = z.object({
  title: z.string().trim().min(1, "Give the post a title").max(160),
  body: z.string().max(20_000),
  tags: z.array(z.string().max(20)).max(3).optional(),
  status: z.enum(["draft", "published"]).default("draft"),
  pinned: z.boolean().optional(),
  weight: z.number().max(9).optional(),
});

function statusOf(fields: FormData): number | string {
  try {
    const form = parseForm(fields, PostForm);
    return form.ok ? 200 : Number(invalid(form).init?.status);
  } catch (error) {
    return refusalStatus(error);
  }
}

function refusalStatus(thrown: unknown): number | string {
  return thrown instanceof Response ? thrown.status : `not a refusal: ${String(thrown)}`;
}

describe("making a value of the fields", () => {
  it("gives Ada's post", () => {
    const form = parseForm(
      formOf(["title", " Tea "], ["body", "hot"], ["tags", "a"], ["tags", "b"], ["pinned", "on"]),
      PostForm,
    );
    expect(form).toMatchObject({
      ok: true,
      value: { title: "Tea", body: "hot", tags: ["a", "b"], status: "draft", pinned: true },
    });
  });

  it("takes one value for a list as a list of one", () => {
    const form = parseForm(formOf(["title", "Tea"], ["body", "hot"], ["tags", "a"]), PostForm);
    expect(form).toMatchObject({ ok: true, value: { tags: ["a"] } });
  });

  it("answers 422 with a sentence at each field, and with what was typed", () => {
    const form = parseForm(
      formOf(
        ["title", ""],
        ["body", "b".repeat(20_001)],
        ["status", "secret"],
        ["weight", "x"],
        ["tags", "t".repeat(21)],
      ),
      PostForm,
    );
    expect(form.ok).toBe(false);
    const answer = invalid(form);
    expect(answer.init).toEqual({ status: 422 });
    expect(answer.data.result).toMatchObject({
      status: "error",
      initialValue: { body: "b".repeat(20_001), status: "secret", weight: "x" },
      error: {
        title: ["Give the post a title"],
        body: ["Use at most 20000 characters."],
        status: ["Choose one of the values offered."],
        weight: ["This cannot be used here."],
        "tags[0]": ["Use at most 20 characters."],
      },
    });
  });

  it("says the same of a field that is missing as of an empty one", () => {
    const result = invalid(parseForm(new FormData(), PostForm)).data.result;
    expect(result.error).toEqual({ title: ["Give the post a title"], body: ["Fill this in."] });
  });

  it("shows a model's refusal at the form, with another status", () => {
    const form = parseForm(formOf(["title", "Tea"], ["body", "hot"]), PostForm);
    const answer = invalid(form, { formErrors: ["Somebody else has changed this post."] }, 409);
    expect(answer.init).toEqual({ status: 409 });
    expect(answer.data.result).toMatchObject({
      status: "error",
      initialValue: { title: "Tea", body: "hot" },
      error: { "": ["Somebody else has changed this post."] },
    });
  });

  it("refuses a field that came twice and is no list, whichever value stands first", async () => {
    const twice = formOf(["title", "mine"], ["body", "b"], ["title", "theirs"]);
    expect(await refusalOf((async () => parseForm(twice, PostForm))())).toMatchObject({
      status: 400,
      sentence: 'The form sent its field "title" more than once.',
    });
  });

  it("does not look at fields that the schema does not name, such as another organization's id", () => {
    const form = parseForm(
      formOf(
        ["title", "Tea"],
        ["body", "hot"],
        ["logtoOrganizationId", "globex"],
        ["__proto__.admin", "1"],
        ["constructor", "1"],
        ["__intent__", "{"],
      ),
      PostForm,
    );
    expect(form).toMatchObject({ ok: true });
    expect(form.ok && Object.keys(form.value).toSorted()).toEqual(["body", "status", "title"]);
  });

  it.each(["tags[999999999]", "tags[-1]", "tags[", "title.__proto__[", `body${".a".repeat(60)}`])(
    "refuses the name %s, which no page of ours sends",
    async (name) => {
      const fields = formOf(["title", "Tea"], ["body", "hot"], [name, "x"]);
      expect((await refusalOf((async () => parseForm(fields, PostForm))())).status).toBe(400);
    },
  );

  it("answers any names and values with a value, 422 or 400", () => {
    const name = fc.oneof(
      fc.constantFrom(
        "title",
        "body",
        "tags",
        "status",
        "pinned",
        "weight",
        "title.x",
        "tags[0]",
        "tags[]",
        "tags[0][1]",
        "body.__proto__",
      ),
      fc.constantFrom(
        "__proto__",
        "constructor",
        "__intent__",
        "__state__",
        "toString",
        "title.constructor.x",
        "tags[99]",
      ),
      fc.string(),
    );
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("on", "", "1e999", "draft", '{"type":"reset"}', "[object Object]"),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 12 }), (fields) => {
        expect([200, 422, 400]).toContain(statusOf(formOf(...fields)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("keeping what was typed", () => {
  it("keeps texts in order, and neither hidden fields of ours nor passwords nor files that are no text", async () => {
    const fields = formOf(
      ["_organization", "acme"],
      ["title", "Tea"],
      ["newPassword", "hunter2"],
      ["picture", new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0])], "x.png")],
      ["nothing chosen", new File([], "")],
      ["tags", "a"],
      ["tags", "b"],
    );
    expect(await keptFields(fields)).toEqual([
      ["title", "Tea"],
      ["tags", "a"],
      ["tags", "b"],
    ]);
  });

  it("keeps a chosen file as the text that is in it", async () => {
    const file = new File(["E-mail,Role\r\nann@example.com,Admin\r\n"], "people.csv", { type: "text/csv" });
    expect(await keptFields(formOf(["file", file]))).toEqual([["file", "E-mail,Role\nann@example.com,Admin\n"]]);
  });

  it("keeps the longest post there can be, and leaves out whole what is larger than a page should be", async () => {
    const longest = "🍵".repeat(20_000);
    expect(await keptFields(formOf(["body", longest]))).toEqual([["body", longest]]);
    const large = new File(["x".repeat(300_000)], "large.txt");
    const flood = formOf(["flood", "x".repeat(300_000)], ["large", large], ["title", "Tea"]);
    expect(await keptFields(flood)).toEqual([["title", "Tea"]]);
  });
});

describe("a text that may be empty", () => {
  const schema = z.object({ note: maybeEmpty().transform((note) => note.trim()) });

  it("is empty when it came empty", () => {
    expect(parseForm(formOf(["note", ""]), schema)).toMatchObject({ ok: true, value: { note: "" } });
    expect(parseForm(formOf(["note", " a "]), schema)).toMatchObject({ ok: true, value: { note: "a" } });
  });

  it("is missed when it did not come, or came as a file", () => {
    for (const fields of [formOf(), formOf(["note", new File(["a"], "a.txt")])]) {
      const form = parseForm(fields, schema);
      expect(form.ok).toBe(false);
      expect(form.submission.reply().error?.note).toEqual(["Reload this page and try again."]);
    }
  });
});
