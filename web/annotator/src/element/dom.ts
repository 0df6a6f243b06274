type Child = Node | string | null | false | undefined;
type Properties = Record<string, unknown>;

/** `on…` are listeners, `class`, `aria-*`, `role` and `data-*` attributes, the rest properties. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Properties = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value as EventListener);
    else if (name === "class" || name === "role" || name === "for" || name === "list" || name.includes("-")) element.setAttribute(name, String(value));
    else Object.assign(element, { [name]: value });
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** Leaves the page alone when nothing changes: a text set anew is laid out and painted anew, many times a second. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
