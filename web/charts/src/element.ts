import { init, type EChartsType } from "./echarts";
import { completeOption, type ChartOption } from "./option";
import { tableOf } from "./table";
import { themeOf } from "./theme";

const styles = `
:host { display: block; position: relative; min-height: 12rem; color: inherit; }
.chart { position: absolute; inset: 0; }
.refusal { padding: 1rem; }
table { border-collapse: collapse; font-size: .875rem; }
th, td { padding: .25rem .75rem; text-align: left; border-bottom: 1px solid currentColor; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

/**
 * `<perenne-chart label="…" option='{…}'>` or `<perenne-chart><script type="application/json">{…}</script></perenne-chart>`:
 * an ECharts option drawn with the house theme. The figures are also there as a table; `view="table"` shows it instead.
 */
export class PerenneChart extends HTMLElement {
  static readonly observedAttributes = ["option", "label", "view"];

  #chart: EChartsType | null = null;
  #option: ChartOption | null = null;
  #root = this.attachShadow({ mode: "open" });
  #drawing = document.createElement("div");
  #figures = document.createElement("div");
  #resize = new ResizeObserver(() => this.#chart?.resize());
  #theme = new MutationObserver(() => this.#draw());
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #redraw = (): void => this.#draw();

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    this.#root.adoptedStyleSheets = [sheet];
    this.#drawing.className = "chart";
    this.#root.append(this.#drawing, this.#figures);
  }

  get option(): ChartOption | null {
    return this.#option;
  }

  set option(value: ChartOption | null) {
    this.#option = value;
    this.#draw();
  }

  connectedCallback(): void {
    this.#resize.observe(this);
    this.#theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    this.#dark.addEventListener("change", this.#redraw);
    const inline = this.querySelector('script[type="application/json"]')?.textContent;
    if (!this.#option && inline) this.#read(inline);
    this.#draw();
  }

  disconnectedCallback(): void {
    this.#resize.disconnect();
    this.#theme.disconnect();
    this.#dark.removeEventListener("change", this.#redraw);
    this.#chart?.dispose();
    this.#chart = null;
  }

  attributeChangedCallback(name: string, _old: string | null, value: string | null): void {
    if (name === "option" && value !== null) this.#read(value);
    this.#draw();
  }

  #read(json: string): void {
    try {
      this.#option = JSON.parse(json) as ChartOption;
    } catch {
      this.#option = null;
      this.#figures.className = "refusal";
      this.#figures.textContent = "This chart's option is not valid JSON.";
    }
  }

  #draw(): void {
    if (!this.isConnected || !this.#option) return;
    const asTable = this.getAttribute("view") === "table";
    this.#drawing.hidden = asTable;
    this.#drawTable(this.#option, asTable);
    if (asTable) return;
    const theme = document.documentElement.dataset["bsTheme"];
    const dark = theme ? theme === "dark" : this.#dark.matches;
    this.#chart ??= init(this.#drawing, null, { renderer: "svg" });
    this.#chart.setOption(completeOption(this.#option, themeOf(dark)), { notMerge: true });
    this.#drawing.setAttribute("aria-hidden", "true");
  }

  #drawTable(option: ChartOption, visible: boolean): void {
    const { columns, rows } = tableOf(option);
    const table = document.createElement("table");
    table.createCaption().textContent = this.getAttribute("label") ?? "";
    const head = table.createTHead().insertRow();
    for (const column of columns) head.append(Object.assign(document.createElement("th"), { scope: "col", textContent: column }));
    const body = table.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      for (const cell of row) line.insertCell().textContent = cell;
    }
    this.#figures.className = visible ? "" : "hidden";
    this.#figures.replaceChildren(table);
  }
}

if (!customElements.get("perenne-chart")) customElements.define("perenne-chart", PerenneChart);
