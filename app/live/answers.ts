// In the browser: what the answers to reading a page anew mean for it.

/**
 * `elsewhere`: the server leads to another page. `stranded`: what was typed stays, though the page behind it cannot be read. `wait`: refused for a moment, or
 * nothing is known, and the page stays as it is.
 */
export type Meaning = "show" | "wait" | "signed-out" | "switched" | "elsewhere" | "stranded";

/** Remix's status for a redirect in an answer to a request for data. */
const redirected = 202;

/** Nothing takes away what is being typed. */
export function meaningOf({ status }: Pick<Response, "status">, isTyping: boolean): Meaning {
  if (status === 401) return "signed-out";
  if (status === 409) return "switched";
  if (status === redirected) return "elsewhere";
  if ((status === 403 || status === 404) && isTyping) return "stranded";
  return status === 429 || status >= 500 ? "wait" : "show";
}

/**
 * While something is being typed only the frame may be asked for, which says nothing of the page inside it, so that is asked beside it.
 * @returns the answer that was asked for, and all that the page must be judged by. One's own refusal inside the frame takes nothing away.
 */
export async function askFor(
  address: string,
  ask: (address: URL) => Promise<Response>,
): Promise<{ answer: Response; judgedBy: Response[] }> {
  const whole = new URL(address);
  whole.searchParams.delete("_routes");
  const isPart = whole.href !== address;
  const [answer, ofWhole] = await Promise.all([ask(new URL(address)), isPart ? ask(whole) : undefined]);
  return { answer, judgedBy: ofWhole && ofWhole.status !== 403 ? [answer, ofWhole] : [answer] };
}
