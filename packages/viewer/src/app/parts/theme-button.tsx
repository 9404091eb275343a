import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

const KEY = "rrr-view-theme";
const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

/** As the system has it, until somebody chooses. */
export function ThemeButton(): JSX.Element {
  const [theme, setTheme] = useState<Theme>(
    () => THEMES.find((each) => each === localStorage.getItem(KEY)) ?? "system",
  );
  useEffect(() => {
    localStorage.setItem(KEY, theme);
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => setTheme(next)}
      aria-label={`Colours: ${theme}. Change to ${next}.`}
      title={`Colours: ${theme}`}
    >
      <span aria-hidden="true">{theme === "dark" ? "●" : theme === "light" ? "○" : "◐"}</span>
    </button>
  );
}
