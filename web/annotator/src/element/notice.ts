import { h } from "./dom";

/** One sentence over the canvas: passing (a hint) or staying with a button (something to decide). */
export class Notice {
  readonly element = h("div", { class: "notice", role: "status", hidden: true });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #standing: { text: string; action?: { label: string; act: () => void } } | null = null;

  constructor() {
    // It lies over the canvas: a click on its button is not a click on the image.
    for (const type of ["pointerdown", "pointermove", "pointerup"]) this.element.addEventListener(type, (event) => event.stopPropagation());
  }

  hint(text: string): void {
    clearTimeout(this.#timer);
    this.#show(text, false);
    this.#timer = setTimeout(() => this.#rest(), 4000);
  }

  /** Stays until `clear`. */
  stand(text: string, action?: { label: string; act: () => void }): void {
    this.#standing = action ? { text, action } : { text };
    clearTimeout(this.#timer);
    this.#rest();
  }

  clear(): void {
    this.#standing = null;
    clearTimeout(this.#timer);
    this.#rest();
  }

  #rest(): void {
    if (this.#standing) this.#show(this.#standing.text, true, this.#standing.action);
    else this.element.hidden = true;
  }

  #show(text: string, warn: boolean, action?: { label: string; act: () => void }): void {
    this.element.hidden = false;
    this.element.dataset["kind"] = warn ? "warn" : "hint";
    this.element.replaceChildren(h("span", {}, text), action ? h("button", { type: "button", class: "button", onclick: action.act }, action.label) : "");
  }
}
