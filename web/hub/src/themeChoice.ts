export type ThemeChoice = "light" | "dark" | "auto";

const storageKey = "perenne-theme";
const darkMedia = "(prefers-color-scheme: dark)";

export function storedTheme(): ThemeChoice {
  try {
    const value = localStorage.getItem(storageKey);
    return value === "light" || value === "dark" ? value : "auto";
  } catch {
    // Storage may be forbidden by policy; the system's theme is then the answer.
    return "auto";
  }
}

export function applyTheme(choice: ThemeChoice): void {
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
  matchMedia(darkMedia).addEventListener("change", () => applyTheme(storedTheme()));
}
