import type { LabelClass } from "../contract";

export interface ClassStyle {
  readonly title: string;
  readonly color: string;
  /** Black or white, whichever can be read on the colour. */
  readonly ink: string;
  /** The hot key, also drawn on shapes too small for the title. */
  readonly key: string;
}

const unknownColor = "#9aa4b1";

export class Palette {
  readonly #styles = new Map<string, ClassStyle>();
  readonly #order = new Map<string, number>();

  constructor(classes: readonly LabelClass[]) {
    const unkeyed = classes.filter((one) => !one.key);
    for (const one of classes) {
      this.#order.set(one.name, this.#order.size);
      const position = unkeyed.indexOf(one) + 1;
      this.#styles.set(one.name, {
        title: one.title ?? one.name, color: one.color, ink: inkOn(one.color),
        key: one.key ?? (position >= 1 && position <= 9 ? String(position) : ""),
      });
    }
  }

  /** Which class is drawn over which must not depend on the part of the image that is painted. */
  compare = (a: string, b: string): number => (this.#order.get(a) ?? 1e9) - (this.#order.get(b) ?? 1e9) || (a < b ? -1 : 1);

  style(label: string): ClassStyle {
    let style = this.#styles.get(label);
    if (!style) this.#styles.set(label, (style = { title: label, color: unknownColor, ink: "#000000", key: "" }));
    return style;
  }
}

/** WCAG relative luminance decides. */
export function inkOn(hex: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
  return luminance > 0.179 ? "#000000" : "#ffffff";
}
