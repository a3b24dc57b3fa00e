// How a call to Logto can end badly: it said no, or it gave no answer that can be used.

/** Logto's no: its status and the machine-readable code (`entity.not_found`, `access_denied`); never its message, which may hold secrets. */
export class LogtoRefused extends Error {
  override name = "LogtoRefused";
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`Logto refused: ${status} ${code}`);
  }
}

/** No answer within the patience, a broken one, 429, 5xx, or the circuit is open. What was asked for may have happened all the same. */
export class LogtoUnavailable extends Error {
  override name = "LogtoUnavailable";
}

/** For what can do nothing but say that Logto gave no usable answer: its being away, and a no that nobody reckoned with. A bug is not answered here. */
export async function orUnavailable<T>(run: () => Promise<T>): Promise<T | "unavailable"> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof LogtoUnavailable || error instanceof LogtoRefused) return "unavailable";
    throw error;
  }
}
