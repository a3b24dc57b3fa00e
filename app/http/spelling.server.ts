// Addresses as Remix understands them, however they are spelled: it decodes a path, and takes no notice of case or of a slash too many.

/** What cannot be decoded is what it is: such an address leads nowhere. */
export function plainPath(target: string): string {
  const path = target.split(/[?#]/, 1)[0] ?? "";
  try {
    return decodeURIComponent(path).replace(/\/{2,}/g, "/");
  } catch {
    return path;
  }
}

/** Whether a request is for one of these paths, for its data, or for what lies below it. */
export function isUnder(target: string, ...paths: string[]): boolean {
  const path = plainPath(target).toLowerCase();
  return paths.some((known) => path === known || path === `${known}.data` || path.startsWith(`${known}/`));
}
