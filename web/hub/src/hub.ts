import { startComforts } from "./comforts";
import { startImageCounts } from "./imageCount";
import { startLive } from "./live";
import { applyTheme, followSystemTheme, storeTheme, type ThemeChoice } from "./themeChoice";

// A page offers the choice by <button data-theme-choice="light|dark|auto">; the form around it saves it to the profile.
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-theme-choice]") : null;
  if (button) storeTheme(button.dataset["themeChoice"] as ThemeChoice);
});

// Blazor's enhanced navigation replaces attributes of <html>.
new MutationObserver(() => {
  if (!document.documentElement.dataset["bsTheme"]) applyTheme();
}).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });

followSystemTheme();
startComforts();
startImageCounts();
startLive();
