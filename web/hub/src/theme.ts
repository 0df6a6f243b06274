import { applyTheme } from "./themeChoice";

applyTheme();
