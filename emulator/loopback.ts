// What counts as this machine: the emulator serves nobody else.

/** Of a URL's or a Host header's host name, without port. */
export const isLoopback = (hostname: string) =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);

/** @throws Error when the application is not on this machine */
export function refuseForeign(appUrl: string): void {
  const hostname = URL.canParse(appUrl) ? new URL(appUrl).hostname : "";
  if (isLoopback(hostname)) return;
  throw new Error(
    `The emulator is for development on one machine. The application's URL ${appUrl} is not on loopback ` +
      `(localhost, 127.0.0.1 or [::1]). Use a real Logto for it.`,
  );
}
