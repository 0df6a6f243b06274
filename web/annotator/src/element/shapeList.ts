import type { Shape } from "../contract";
import { boundsOf } from "../geometry/shapes";
import { reveal } from "../geometry/viewport";
import type { StringKey } from "../strings";
import { acceptProposal, rejectProposal } from "../tools/proposals";
import type { Session } from "../tools/session";
import { h } from "./dom";
import { icon, type IconName } from "./icons";
import { paintSwatch } from "./topBar";
import type { Part, Ui } from "./ui";

/** Rows beyond this are found by typing; a list of thousands of rows would be slower than the canvas. */
const longest = 200;

export function describe(ui: Ui, shape: Shape): string {
  const { x1, y1, x2, y2 } = boundsOf(shape);
  const size = shape.kind === "point" ? "" : ` ${Math.round(x2 - x1)} × ${Math.round(y2 - y1)}`;
  return `${ui.t(`${shape.kind}Kind` as StringKey)}${size}, ${Math.round(x1)}, ${Math.round(y1)}`;
}

export function createShapeList(ui: Ui): Part & { focusSearch(): void } {
  const search = h("input", { type: "search", class: "search", placeholder: ui.t("findShape"), "aria-label": ui.t("findShape") });
  const list = h("div", { class: "rows", role: "listbox", "aria-label": ui.t("shapes") });
  const count = h("span", { class: "count" });
  const element = h("section", { class: "shapes" }, h("h2", {}, ui.t("shapes"), " ", count), search, list);
  let stale: unknown[] = [];
  const update = (): void => {
    const session = ui.session();
    if (!session) return;
    const signature = [session.document.shapes, session.visibleProposals, session.selection, session.hidden.size, session.locked.size, [...session.hidden, ...session.locked].join(), search.value, session.readOnly, session];
    if (signature.every((one, index) => one === stale[index])) return;
    stale = signature;
    const wanted = search.value.trim().toLowerCase();
    const matches = (shape: Shape): boolean => !wanted || `${ui.palette().style(shape.label).title} ${describe(ui, shape)} ${JSON.stringify(shape.attributes)}`.toLowerCase().includes(wanted);
    const proposals = session.visibleProposals.filter(matches), shapes = session.document.shapes.filter(matches);
    count.textContent = String(session.document.shapes.length);
    search.hidden = session.document.shapes.length + session.proposals.length < 8 && !wanted;
    const selectedFirst = shapes.length > longest ? [...session.selectedShapes, ...shapes.filter((shape) => !session.selection.includes(shape.id))].slice(0, longest) : shapes;
    list.replaceChildren(
      ...proposals.slice(0, longest).map((shape) => proposalRow(ui, session, shape)),
      ...selectedFirst.map((shape) => shapeRow(ui, session, shape)),
      shapes.length > longest ? h("p", { class: "empty" }, `+ ${shapes.length - longest}`) : "",
      proposals.length + shapes.length === 0 ? h("p", { class: "empty" }, ui.t(session.readOnly ? "noShapesReading" : "noShapes")) : "",
    );
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  };
  search.addEventListener("input", update);
  search.addEventListener("keydown", (event) => {
    const session = ui.session();
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    const first = list.querySelector<HTMLElement>(".row")?.dataset["id"];
    if (event.key === "Enter" && session && first) goTo(session, first);
    search.value = "";
    update();
    ui.focusStage();
  });
  return { element, update, focusSearch: () => { search.hidden = false; search.focus(); } };
}

function goTo(session: Session, id: string): void {
  const shape = session.shape(id);
  if (!shape) return;
  session.select([id]);
  session.setViewport(reveal(session.viewport, boundsOf(shape), session.viewSize));
}

function row(ui: Ui, session: Session, shape: Shape, marks: string, ...buttons: HTMLElement[]): HTMLElement {
  const style = ui.palette().style(shape.label);
  const swatch = h("span", { class: "swatch" }, style.key || "•");
  paintSwatch(swatch, style);
  const selected = session.selection.includes(shape.id);
  return h("div", {
    class: `row ${marks}`, role: "option", tabindex: -1, "data-id": shape.id, "aria-selected": String(selected),
    onclick: (event: MouseEvent) => {
      if (event.shiftKey) session.select(selected ? session.selection.filter((id) => id !== shape.id) : [...session.selection, shape.id]);
      else goTo(session, shape.id);
    },
    onpointerenter: () => { session.hovered = shape.id; session.dirty("overlay"); },
    onpointerleave: () => { session.hovered = null; session.dirty("overlay"); },
    onpointerdown: (event: PointerEvent) => event.preventDefault(),
  }, swatch, h("span", { class: "name" }, style.title, shape.score === undefined ? "" : ` ${Math.round(shape.score * 100)} %`), h("span", { class: "detail" }, describe(ui, shape)), ...buttons);
}

function rowButton(ui: Ui, name: IconName, label: StringKey, act: () => void, on = false): HTMLElement {
  return h("button", {
    type: "button", class: `mini ${on ? "on" : ""}`, title: ui.t(label), "aria-label": ui.t(label), tabindex: -1,
    onpointerdown: (event: PointerEvent) => event.preventDefault(),
    onclick: (event: Event) => { event.stopPropagation(); act(); },
  }, icon(name));
}

function shapeRow(ui: Ui, session: Session, shape: Shape): HTMLElement {
  const locked = session.locked.has(shape.id), hidden = session.hidden.has(shape.id);
  const toggle = (marks: Set<string>): void => {
    if (!marks.delete(shape.id)) marks.add(shape.id);
    session.dirty("shapes", "panel");
  };
  return row(ui, session, shape, `${locked ? "locked" : ""} ${hidden ? "hidden-shape" : ""}`,
    rowButton(ui, locked ? "lock" : "lockOpen", locked ? "unlock_one" : "lock_one", () => toggle(session.locked), locked),
    rowButton(ui, hidden ? "eyeOff" : "eye", hidden ? "show_one" : "hide_one", () => toggle(session.hidden), hidden),
    ...(session.isEditable(shape) ? [rowButton(ui, "trash", "delete_one", () => session.commit([{ type: "remove", shapeId: shape.id }]))] : []));
}

function proposalRow(ui: Ui, session: Session, shape: Shape): HTMLElement {
  const buttons = session.readOnly ? [] : [
    rowButton(ui, "check", "accept", () => acceptProposal(session, shape)),
    rowButton(ui, "close", "reject", () => rejectProposal(session, shape)),
  ];
  return row(ui, session, shape, "proposal", ...buttons);
}
