// The mail that the emulator did not send to anybody.
import { z } from "zod";
import type { WorldDescription } from "./world";

const Mails = z.array(z.object({ to: z.string(), payload: z.looseObject({ code: z.string().optional() }) }));

/** The newest one; "" when there is none. */
export async function codeSentTo(email: string, { outboxUrl }: WorldDescription): Promise<string> {
  const mails = Mails.parse(await (await fetch(outboxUrl)).json());
  return mails.findLast(({ to }) => to === email)?.payload.code ?? "";
}
