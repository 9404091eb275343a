import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

const KEY = "rrr-view-theme";
const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

/** As the system has it, until somebody chooses. */
export function ThemeButton(): JSX.Element {
  const [theme, setTheme] = useState<Theme>(() => THEMES.find((each) => each === kept()) ?? "system");
  useEffect(() => {
    keep(theme);
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

/** A file that somebody was sent may be shown where nothing can be kept. */
function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // The next page begins as the system has it.
  }
}
