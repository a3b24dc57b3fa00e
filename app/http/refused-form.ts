// In the browser: a form that the door refused reaches the page as if its action had thrown the refusal, with what was typed.
import { isRefusal, type Kept, type Refusal } from "./refusal";

/** The door answers programs in JSON, which Remix cannot read; everything behind it answers in Remix's own encoding. */
export function isFromDoor(answer: Response): boolean {
  return answer.status >= 400 && answer.headers.get("Content-Type")?.startsWith("application/json") === true;
}

/** `sent` is a copy of the form's request whose body nobody has read; `action` is the page's path that the form went to. */
export async function refusedForm(sent: Request, answer: Response, action: string): Promise<Response> {
  const refusal: unknown = await answer.json();
  if (!isRefusal(refusal)) throw new Error(`The server answered ${answer.status} without saying why.`);
  const typed = [...(await sent.formData())].map(async ([name, value]): Promise<[string, string]> => [
    name,
    typeof value === "string" ? value : await value.text(), // of a chosen file
  ]);
  const fields = (await Promise.all(typed)).filter(([, value]) => !/[\0\uFFFD]/.test(value)); // a file that is no text
  return new Response(thrown({ ...refusal, kept: { action, fields } satisfies Kept }), {
    status: refusal.status,
    headers: { "Content-Type": "text/x-script" },
  });
}

/** turbo-stream's encoding, which Remix reads: a list of values that point to each other by their places in it. */
function thrown(refusal: Refusal): string {
  const values: unknown[] = [];
  const place = (value: unknown): number => {
    const index = values.push(value) - 1;
    if (Array.isArray(value)) values[index] = value.map(place);
    else if (typeof value === "object" && value !== null) {
      values[index] = Object.fromEntries(Object.entries(value).map(([key, each]) => [`_${place(key)}`, place(each)]));
    }
    return index;
  };
  values.push({ _1: 2 }, "error", "the error response, once its parts have places");
  values[2] = ["ErrorResponse", place(refusal), place(refusal.status), place(refusal.title)];
  return `${JSON.stringify(values)}\n`;
}
