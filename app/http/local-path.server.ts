// Where to return to after signing in: a path of this app, or nothing.

const anywhere = "http://local.invalid";

/** The path as a browser would ask for it, if the value is one and stays on this app however it is read. At most 2,000 characters. */
export function localPath(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 2000 || !/^\/(?![/\\])/.test(value)) return undefined;
  // Browsers drop tabs and line breaks and read a backslash as a slash, so that "/\t/evil" and "/\evil" lead away.
  if (/[\p{Cc}\\]/u.test(value) || !URL.canParse(value, anywhere)) return undefined;
  const { origin, pathname, search, hash } = new URL(value, anywhere);
  if (origin !== anywhere || !isPlain(pathname)) return undefined;
  const path = pathname + search + hash;
  return path.length > 2000 ? undefined : path;
}

/** Plain however often it is decoded: something on the way may decode it once more than we do. */
function isPlain(pathname: string): boolean {
  if (pathname.startsWith("//") || /[\p{Cc}\\]/u.test(pathname)) return false;
  try {
    const decoded = decodeURIComponent(pathname);
    return decoded === pathname || isPlain(decoded);
  } catch {
    return false;
  }
}
