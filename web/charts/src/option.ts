import { axisDefaults, baseOption, type ChartTheme } from "./theme";

export type ChartOption = Record<string, unknown>;

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Deep merge of plain objects; arrays and scalars of `over` replace those of `under`. */
export function merge(under: ChartOption, over: ChartOption): ChartOption {
  const result: ChartOption = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const base = result[key];
    result[key] = isPlain(base) && isPlain(value) ? merge(base, value) : value;
  }
  return result;
}

/** The page's option over the house defaults; axes get the theme's line and label colours wherever the page left them open. */
export function completeOption(option: ChartOption, theme: ChartTheme): ChartOption {
  const merged = merge(baseOption(theme), option);
  for (const key of ["xAxis", "yAxis"]) {
    const axis = merged[key];
    if (axis === undefined) continue;
    const one = (value: unknown): unknown => (isPlain(value) ? merge(axisDefaults(theme), value) : value);
    merged[key] = Array.isArray(axis) ? axis.map(one) : one(axis);
  }
  return merged;
}
