// The title of a page in the browser: what it is, and whose.

export function pageTitle(page: string, organization?: { name: string }) {
  return `${page} · ${organization?.name ?? "Atrium"}`;
}
