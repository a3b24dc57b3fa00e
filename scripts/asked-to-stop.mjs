// Tells when a command that runs until it is stopped has to end.

/** Until a signal asks for it, or the npm that ran the command is gone: npm passes a signal on to a shell, which keeps it to itself. */
export function untilAskedToStop() {
  return new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve());
    if (process.env.npm_lifecycle_event === undefined) return;
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && resolve(), 500).unref();
  });
}
