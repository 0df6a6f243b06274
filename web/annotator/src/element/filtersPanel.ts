import { noFilters, type ViewFilters } from "../render/filters";
import { commandButton } from "./button";
import { h } from "./dom";
import type { Part, Ui } from "./ui";

type Slider = "brightness" | "contrast" | "gamma";
const ranges: Record<Slider, readonly [number, number]> = { brightness: [-1, 1], contrast: [-1, 1], gamma: [0.2, 5] };

/** Gamma is felt as a ratio: its slider runs on the logarithm. */
const toSlider = (name: Slider, value: number): number => (name === "gamma" ? Math.log(value) / Math.log(5) : value);
const fromSlider = (name: Slider, value: number): number => (name === "gamma" ? 5 ** value : value);

export function createFiltersPanel(ui: Ui): Part & { toggle(): void } {
  const inputs = (Object.keys(ranges) as Slider[]).map((name) => {
    const input = h("input", { type: "range", min: "-1", max: "1", step: "0.02", "data-filter": name, oninput: () => ui.setFilters({ ...ui.filters(), [name]: fromSlider(name, Number(input.value)) }) });
    const output = h("output", {});
    return { name, input, output, row: h("label", { class: "field" }, h("span", {}, ui.t(name)), input, output) };
  });
  const box = (name: "invert" | "localContrast", label: string): { name: typeof name; input: HTMLInputElement; row: HTMLElement } => {
    const input = h("input", { type: "checkbox", onchange: () => ui.setFilters({ ...ui.filters(), [name]: input.checked }) });
    return { name, input, row: h("label", { class: "field check" }, input, h("span", {}, label)) };
  };
  const boxes = [box("invert", ui.t("view.invert")), box("localContrast", ui.t("view.localContrast"))];
  const reset = h("button", { type: "button", class: "button", onclick: () => ui.setFilters(noFilters) }, ui.t("view.resetFilters"));
  const close = h("button", { type: "button", class: "mini", "aria-label": ui.t("close"), onclick: () => toggle() }, "✕");
  const element = h("div", { class: "filters", role: "dialog", "aria-label": ui.t("view.filters"), hidden: true },
    h("h2", {}, ui.t("view.filters"), close), ...inputs.map((one) => one.row), ...boxes.map((one) => one.row),
    h("div", { class: "field actions" }, commandButton(ui, "view.labels", "eye", { text: ui.t("view.labels") }), reset));
  const toggle = (): void => {
    element.hidden = !element.hidden;
    if (element.hidden) ui.focusStage();
    else inputs[0]!.input.focus();
  };
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    toggle();
  });
  return {
    element,
    toggle,
    update() {
      const filters: ViewFilters = ui.filters();
      for (const { name, input, output } of inputs) {
        input.value = String(toSlider(name, filters[name]));
        output.value = name === "gamma" ? filters.gamma.toFixed(2) : `${Math.round(filters[name] * 100)} %`;
      }
      for (const { name, input } of boxes) input.checked = filters[name];
    },
  };
}
