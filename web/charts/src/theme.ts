/** Okabe and Ito's palette: eight colours that stay distinct for colour-blind readers. */
export const palette = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a900", "#6c757d"];

export interface ChartTheme {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
}

export function themeOf(dark: boolean): ChartTheme {
  return dark
    ? { text: "#dce1e7", muted: "#97a1ad", line: "#3a4452", surface: "#1f2733" }
    : { text: "#1f2937", muted: "#5b6675", line: "#d9dee5", surface: "#ffffff" };
}

/** What every chart shares; the page's own option wins over it. */
export function baseOption(theme: ChartTheme): Record<string, unknown> {
  return {
    color: palette,
    backgroundColor: "transparent",
    textStyle: { color: theme.text, fontFamily: "inherit" },
    animationDuration: 200,
    aria: { enabled: true, decal: { show: true } },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    // Wide gaps: the width of the inherited font is not known when the legend is laid out.
    legend: { top: 4, itemGap: 28, textStyle: { color: theme.text } },
    tooltip: { trigger: "axis", backgroundColor: theme.surface, borderColor: theme.line, textStyle: { color: theme.text } },
  };
}

export function axisDefaults(theme: ChartTheme): Record<string, unknown> {
  return {
    axisLine: { lineStyle: { color: theme.line } },
    axisLabel: { color: theme.muted },
    nameTextStyle: { color: theme.muted },
    splitLine: { lineStyle: { color: theme.line } },
  };
}
