import type { Stage } from "../render/stage";
import type { ViewSize } from "../geometry/viewport";
import { createClassList } from "./classList";
import { createDetails } from "./details";
import { h } from "./dom";
import { createFiltersPanel } from "./filtersPanel";
import { Notice } from "./notice";
import { createShapeList } from "./shapeList";
import { createStatusBar } from "./statusBar";
import { styles } from "./styles";
import { createToolbar } from "./toolbar";
import { createTopBar } from "./topBar";
import type { Part, Ui } from "./ui";

/** The frame around the image and the parts in it. */
export class Shell {
  readonly app: HTMLElement;
  readonly stage: HTMLElement;
  readonly live = h("div", { class: "live", role: "status" });
  readonly notice = new Notice();
  readonly shapes: ReturnType<typeof createShapeList>;
  readonly filters: ReturnType<typeof createFiltersPanel>;
  readonly status: ReturnType<typeof createStatusBar>;
  readonly #parts: readonly Part[];
  #size: ViewSize = { width: 800, height: 600 };
  #measured = false;
  onResize: (width: number, height: number, refit: boolean) => void = () => undefined;

  constructor(ui: Ui, root: ShadowRoot, canvas: Stage) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
    const panel = h("aside", { class: "panel", "aria-label": ui.t("panel") });
    const top = createTopBar(ui, () => panel.toggleAttribute("data-open"));
    const toolbar = createToolbar(ui), classes = createClassList(ui), details = createDetails(ui);
    this.shapes = createShapeList(ui);
    this.filters = createFiltersPanel(ui);
    this.status = createStatusBar(ui);
    panel.append(h("h2", {}, ui.t("classes")), classes.element, this.shapes.element, details.element);
    this.stage = h("main", { class: "stage", tabindex: 0, role: "application", "aria-label": ui.t("canvas") }, canvas.element, this.notice.element);
    this.stage.tabIndex = 0;
    this.app = h("div", { class: "app" }, top.element, toolbar.element, this.stage, panel, this.status.element, this.filters.element, this.live);
    root.replaceChildren(this.app);
    this.#parts = [top, toolbar, classes, this.shapes, details, this.filters, this.status];
    // On a small screen the panel covers the image: choosing a class or touching the image puts it away.
    this.stage.addEventListener("pointerdown", () => panel.removeAttribute("data-open"));
    classes.element.addEventListener("click", () => panel.removeAttribute("data-open"));
    this.#followTheme();
    new ResizeObserver(([entry]) => this.#resized(entry!.contentRect)).observe(this.stage);
  }

  get viewSize(): ViewSize { return this.#size; }

  update(): void {
    for (const part of this.#parts) part.update();
  }

  #resized({ width, height }: DOMRectReadOnly): void {
    if (width === 0 || height === 0) return;
    this.#size = { width, height };
    this.onResize(width, height, !this.#measured);
    this.#measured = true;
  }

  #followTheme(): void {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const apply = (): void => {
      const chosen = document.documentElement.dataset["bsTheme"];
      this.app.dataset["theme"] = (chosen ? chosen === "dark" : system.matches) ? "dark" : "light";
    };
    new MutationObserver(apply).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    system.addEventListener("change", apply);
    apply();
  }
}
