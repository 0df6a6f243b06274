import { h } from "./dom";

interface Action { readonly label: string; readonly act: () => void }

/** One sentence over the canvas: passing (a hint) or staying with a button (something to decide). */
export class Notice {
  readonly element = h("div", { class: "notice", role: "status", hidden: true });
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** By reason, so that one being over does not hide another; the latest is shown. */
  #standing = new Map<string, { text: string; action?: Action }>();

  constructor() {
    // It lies over the canvas: a click on its button is not a click on the image.
    for (const type of ["pointerdown", "pointermove", "pointerup"]) this.element.addEventListener(type, (event) => event.stopPropagation());
  }

  hint(text: string): void {
    clearTimeout(this.#timer);
    this.#show(text, false);
    this.#timer = setTimeout(() => this.#rest(), 4000);
  }

  /** Stays until `clear` is called with the same reason. */
  stand(reason: string, text: string, action?: Action): void {
    this.#standing.delete(reason);
    this.#standing.set(reason, action ? { text, action } : { text });
    clearTimeout(this.#timer);
    this.#rest();
  }

  clear(reason: string): void {
    if (this.#standing.delete(reason)) this.#rest();
  }

  /** Another task: what stood for the last one is over. */
  reset(): void {
    this.#standing.clear();
    clearTimeout(this.#timer);
    this.#rest();
  }

  #rest(): void {
    const last = [...this.#standing.values()].at(-1);
    if (last) this.#show(last.text, true, last.action);
    else this.element.hidden = true;
  }

  #show(text: string, warn: boolean, action?: Action): void {
    this.element.hidden = false;
    this.element.dataset["kind"] = warn ? "warn" : "hint";
    this.element.replaceChildren(h("span", {}, text), action ? h("button", { type: "button", class: "button", onclick: action.act }, action.label) : "");
  }
}
