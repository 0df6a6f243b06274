import type { Shape } from "../contract";
import { boundsOf } from "../geometry/shapes";
import type { Difference, Finding } from "../review/compare";
import type { Translate } from "../strings";
import { drawLabel, labelText } from "./labels";
import type { Palette } from "./palette";
import type { ExtraPaint } from "./stage";
import type { Placement } from "./surface";
import { drawMask, trace } from "./trace";

/** Line and word say what happened; colour only repeats it. */
const looks = {
  added: { color: "#0f9d58", dash: [] as number[], sign: "+" },
  removed: { color: "#d93025", dash: [3, 4], sign: "−" },
  changed: { color: "#f59e0b", dash: [10, 4], sign: "~" },
};

export const paintDifferences = (list: readonly Difference[], t: Translate): ExtraPaint => (context, placement) => {
  for (const one of list) {
    const look = looks[one.type];
    if (one.type === "changed") outline(context, one.before, placement, "#6b7280", [2, 4]);
    const shape = one.type === "removed" ? one.before : one.after;
    outline(context, shape, placement, look.color, look.dash);
    drawLabel(context, shape, `${look.sign} ${t(one.type)}`, { title: "", key: "", color: look.color, ink: "#000000" }, placement);
  }
};

const hands = [[], [8, 3], [3, 3], [10, 3, 2, 3], [1, 3]];

export const handOf = (position: number): readonly number[] => hands[position % hands.length]!;

/** Each annotator has a line pattern; what not all of them saw alike is hatched. */
export function paintFindings(list: readonly Finding[], authors: readonly string[], palette: Palette, t: Translate): ExtraPaint {
  return (context, placement) => {
    for (const { opinions, agreed } of list) {
      for (const { author, shape } of opinions) outline(context, shape, placement, palette.style(shape.label).color, handOf(authors.indexOf(author)));
      const [first] = opinions;
      if (!first || agreed) continue;
      hatch(context, first.shape, placement);
      const labels = [...new Set(opinions.map((one) => one.shape.label))].map((label) => palette.style(label).title).join(" / ");
      const style = palette.style(first.shape.label);
      const text = opinions.length < authors.length ? `${labels}: ${t("disagreement", { n: opinions.length, all: authors.length })}` : labels;
      drawLabel(context, first.shape, text || labelText(first.shape, style, placement.viewport.scale, true), { ...style, color: "#111827", ink: "#ffffff" }, placement);
    }
  };
}

function outline(context: CanvasRenderingContext2D, shape: Shape, { viewport }: Placement, color: string, dash: readonly number[]): void {
  if (shape.kind === "mask") drawMask(context, shape.mask, color, viewport);
  context.beginPath();
  trace(context, shape, viewport);
  context.setLineDash([]);
  context.strokeStyle = "rgba(0, 0, 0, 0.55)";
  context.lineWidth = 4;
  context.stroke();
  context.setLineDash([...dash]);
  context.strokeStyle = color;
  context.lineWidth = 2.25;
  context.stroke();
  context.setLineDash([]);
}

function hatch(context: CanvasRenderingContext2D, shape: Shape, { viewport }: Placement): void {
  const { x1, y1, x2, y2 } = boundsOf(shape);
  const left = x1 * viewport.scale + viewport.offsetX, top = y1 * viewport.scale + viewport.offsetY;
  const width = (x2 - x1) * viewport.scale, height = (y2 - y1) * viewport.scale;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.beginPath();
  for (let at = -height; at < width; at += 8) {
    context.moveTo(left + at, top + height);
    context.lineTo(left + at + height, top);
  }
  context.strokeStyle = "rgba(255, 255, 255, 0.55)";
  context.lineWidth = 2;
  context.stroke();
  context.restore();
}
