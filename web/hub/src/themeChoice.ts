export type ThemeChoice = "light" | "dark" | "auto";

const storageKey = "perenne-theme";
const darkMedia = "(prefers-color-scheme: dark)";

function isFixed(value: unknown): value is "light" | "dark" {
  return value === "light" || value === "dark";
}

/** The profile's choice, written by the hub into the page, wins; before sign-in the browser remembers the last one. */
export function chosenTheme(): ThemeChoice {
  const profile = document.documentElement.dataset["theme"];
  if (profile !== undefined && profile !== "") return isFixed(profile) ? profile : "auto";
  try {
    const value = localStorage.getItem(storageKey);
    return isFixed(value) ? value : "auto";
  } catch {
    // Storage may be forbidden by policy; the system's theme is then the answer.
    return "auto";
  }
}

export function applyTheme(choice: ThemeChoice = chosenTheme()): void {
  const dark = choice === "dark" || (choice === "auto" && matchMedia(darkMedia).matches);
  document.documentElement.dataset["bsTheme"] = dark ? "dark" : "light";
}

export function storeTheme(choice: ThemeChoice): void {
  applyTheme(choice);
  try {
    localStorage.setItem(storageKey, choice);
  } catch {
    // The choice then lasts for this page only.
  }
}

export function followSystemTheme(): void {
  matchMedia(darkMedia).addEventListener("change", () => applyTheme());
}
