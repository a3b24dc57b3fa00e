// The theme that the page is shown in. The server reads the cookie, the browser the page that it was sent.
import { createContext } from "react";
import { themes, type Theme } from "../http/theme";

export const ThemeContext = createContext<Theme>(shownTheme());

function shownTheme(): Theme {
  const shown = typeof document === "undefined" ? undefined : document.documentElement.dataset.theme;
  return themes.find((theme) => theme === shown) ?? "system";
}
