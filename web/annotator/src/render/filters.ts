/** View only: the pixels that are stored, exported and trained on never change. */
export interface ViewFilters {
  /** -1 to 1, 0 = as it is. */
  readonly brightness: number;
  /** -1 to 1, 0 = as it is. */
  readonly contrast: number;
  /** 0.2 to 5, 1 = as it is; above 1 lifts the dark parts. */
  readonly gamma: number;
  readonly invert: boolean;
  readonly localContrast: boolean;
}

export const noFilters: ViewFilters = { brightness: 0, contrast: 0, gamma: 1, invert: false, localContrast: false };

export const isNeutral = (f: ViewFilters): boolean => f.brightness === 0 && f.contrast === 0 && f.gamma === 1 && !f.invert;

/** Maps 0..1 to 0..1: gamma, then contrast about the middle, then brightness, then inversion. */
export function toneCurve(filters: ViewFilters, value: number): number {
  const gain = filters.contrast >= 0 ? 1 + 4 * filters.contrast : 1 + filters.contrast;
  const toned = (value ** (1 / filters.gamma) - 0.5) * gain + 0.5 + filters.brightness;
  const clamped = Math.min(1, Math.max(0, toned));
  return filters.invert ? 1 - clamped : clamped;
}

/** The curve as the table of an SVG feComponentTransfer, which the browser applies while compositing. */
export const toneTable = (filters: ViewFilters): string =>
  Array.from({ length: 65 }, (_, index) => toneCurve(filters, index / 64).toFixed(4)).join(" ");
