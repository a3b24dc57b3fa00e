// In the browser: what was typed, on its way past a whole load of the page.
import type { Seen } from "./news";
import { typeAgain, type Typed } from "./typed";

interface Carried {
  person: string | null;
  typed?: Typed;
  /** Where it is put back into its form; undefined when it is shown on whatever page comes. */
  path?: string;
  /** What the page knew, so that the next one can tell what is new. */
  seen?: Seen;
}

const key = "typed";

export function carry(carried: Carried): void {
  if (carried.typed || carried.seen) sessionStorage.setItem(key, JSON.stringify(carried));
}

/** Types it again where it came from. @returns what was seen before the page was loaded whole, where that was carried along. */
export function bringBack({ person }: Seen): Seen | undefined {
  const carried = carriedHere();
  if (!carried) return undefined;
  if (carried.person !== person) letGo();
  if (carried.person !== person || carried.path === undefined) return undefined;
  if (carried.typed && carried.path === location.pathname) typeAgain(carried.typed);
  letGo();
  return carried.seen;
}

/** Text of a page that is gone, to be read and copied. */
export function carriedText({ person }: Seen): Typed | undefined {
  const carried = carriedHere();
  return carried?.path === undefined && carried?.person === person ? carried?.typed : undefined;
}

export function letGo(): void {
  sessionStorage.removeItem(key);
}

function carriedHere(): Carried | undefined {
  const text = typeof sessionStorage === "undefined" ? null : sessionStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as Carried); // written by nobody else
}
