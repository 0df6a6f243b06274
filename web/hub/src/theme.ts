import { applyTheme, storedTheme } from "./themeChoice";

applyTheme(storedTheme());
