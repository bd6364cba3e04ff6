/** Light, dark, or as the system wishes; remembered in this browser. */

export type Theme = "system" | "light" | "dark";
const KEY = "groundswell.theme";
/** The event that says that the colours have changed. */
export const THEME = "groundswell:theme";

export function theme(): Theme {
  const kept = remembered(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function applyTheme(next: Theme = theme()): void {
  remember(KEY, next);
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  dispatchEvent(new Event(THEME));
}

export function nextTheme(): Theme {
  return ({ system: "light", light: "dark", dark: "system" } as const)[theme()];
}

/** A small wish of this browser, or null; browsers may refuse to keep any. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows may refuse; the wish then lasts as long as the page.
  }
}
