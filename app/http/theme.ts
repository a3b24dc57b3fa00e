// The theme that a browser was told to show: in a cookie, so that every page has it from its first byte, also while nobody is signed in.

export const themes = ["system", "light", "dark"] as const;

/** `system`: as the reader's device has it. */
export type Theme = (typeof themes)[number];

const name = "theme";
const lifetime = 400 * 24 * 60 * 60; // seconds; browsers keep no cookie for longer

/** What a request's cookies ask for. */
export function themeOf(cookies: string | null | undefined): Theme {
  const chosen = /(?:^|; *)theme=(light|dark)(?:;|$)/.exec(cookies ?? "")?.[1];
  return themes.find((theme) => theme === chosen) ?? "system";
}

/** The Set-Cookie header; the system's theme needs no cookie. */
export function themeCookie(theme: Theme, secure: boolean): string {
  const age = theme === "system" ? 0 : lifetime;
  return `${name}=${theme}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}

/** For the browser's own parts, such as scroll bars and form fields. */
export const colourScheme = (theme: Theme) => (theme === "system" ? "light dark" : theme);
