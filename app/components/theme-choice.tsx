// Chooses the theme: one button for each, sent at once, so that no script is needed.
import { useContext } from "react";
import { themes, type Theme } from "../http/theme";
import { paths } from "../paths";
import { classes } from "./classes";
import { ThemeContext } from "./theme";

const names: Record<Theme, string> = { system: "As my device", light: "Light", dark: "Dark" };

export function ThemeChoice() {
  const shown = useContext(ThemeContext);
  return (
    <form method="post" action={paths.theme} className="flex flex-wrap gap-2">
      {themes.map((theme) => (
        <button
          key={theme}
          type="submit"
          name="theme"
          value={theme}
          aria-current={theme === shown ? "true" : undefined}
          className={classes(
            "inline-flex min-h-8.5 items-center rounded-control border px-3 py-1 font-medium pointer-coarse:min-h-10",
            theme === shown ? "border-accent bg-accent-soft text-accent" : "border-line bg-surface hover:bg-sunken",
          )}
        >
          {names[theme]}
        </button>
      ))}
    </form>
  );
}
