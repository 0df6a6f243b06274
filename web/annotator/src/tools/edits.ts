import type { Change, Shape } from "../contract";
import { resizeBy } from "../geometry/handles";
import { rounded } from "../geometry/points";
import { boundsOf, translate } from "../geometry/shapes";
import { acceptProposal, rejectProposal } from "./proposals";
import type { Session } from "./session";

const put = (shape: Shape): Change => ({ type: "put", shape });

const editable = (session: Session): readonly Shape[] => session.selectedShapes.filter(session.isEditable);

const change = (session: Session, edit: (shape: Shape) => Shape): boolean =>
  session.commit(editable(session).map((shape) => [shape, edit(shape)] as const).filter(([before, after]) => before !== after).map(([, after]) => put(after)));

export const nudgeSelection = (session: Session, dx: number, dy: number): boolean => change(session, (shape) => translate(shape, dx, dy, session.size));

export const resizeSelection = (session: Session, dx: number, dy: number): boolean => change(session, (shape) => resizeBy(shape, dx, dy, session.size));

export const rotateSelection = (session: Session, degrees: number): boolean => change(session, (shape) => {
  if (shape.kind !== "rotatedBox") return shape;
  const [x, y, width, height, angle] = shape.rotatedBox;
  return { ...shape, rotatedBox: [x, y, width, height, rounded((angle + degrees + 360) % 360)] };
});

export function relabel(session: Session, label: string): boolean {
  const proposal = session.selectedProposal;
  if (proposal) return acceptProposal(session, proposal, label);
  return change(session, (shape) => (shape.label === label ? shape : { ...shape, label }));
}

export function setAttribute(session: Session, name: string, value: string | number | boolean | null): boolean {
  return change(session, (shape) => {
    const { [name]: _, ...rest } = shape.attributes;
    return { ...shape, attributes: value === null ? rest : { ...rest, [name]: value } };
  });
}

export function removeSelection(session: Session): boolean {
  const proposal = session.selectedProposal;
  if (proposal) return rejectProposal(session, proposal);
  return session.commit(editable(session).map((shape) => ({ type: "remove", shapeId: shape.id })));
}

/** Shared by all images of the visit, so that shapes can be carried from one to the next. */
let clipboard: readonly Shape[] = [];

export function copySelection(session: Session): boolean {
  if (session.selectedShapes.length === 0) return false;
  clipboard = session.selectedShapes;
  return true;
}

/** At the same place on another image; beside the original on the same one, so that it does not hide there. */
export function paste(session: Session): boolean {
  const taken = new Set(session.document.shapes.map((shape) => JSON.stringify(boundsOf(shape))));
  const beside = clipboard.some((shape) => taken.has(JSON.stringify(boundsOf(shape))));
  return addCopies(session, clipboard, beside ? Math.max(4, Math.round(12 / session.viewport.scale)) : 0);
}

export const duplicateSelection = (session: Session): boolean =>
  addCopies(session, session.selectedShapes, Math.max(4, Math.round(12 / session.viewport.scale)));

export const repeatPrevious = (session: Session): boolean => addCopies(session, session.task.previous?.shapes ?? [], 0);

function addCopies(session: Session, shapes: readonly Shape[], by: number): boolean {
  const author = session.identity.createdBy;
  const copies = shapes.flatMap((original): Shape[] => {
    const { score: _, createdBy: __, ...rest } = original;
    const copy = { ...rest, id: session.newId(), ...(author ? { createdBy: author } : {}) } as Shape;
    // A mask belongs to images of its own size.
    if (copy.kind === "mask" && (copy.mask.size[0] !== session.size.height || copy.mask.size[1] !== session.size.width)) return [];
    const bounds = boundsOf(copy);
    if (bounds.x1 >= session.size.width || bounds.y1 >= session.size.height) return [];
    return [by === 0 ? copy : translate(copy, by, by, session.size)];
  });
  if (!session.commit(copies.map(put))) return false;
  session.select(copies.map((shape) => shape.id));
  return true;
}

function toggle(session: Session, marks: Set<string>): boolean {
  const ids = session.selectedShapes.map((shape) => shape.id);
  if (ids.length === 0) return false;
  const on = ids.some((id) => !marks.has(id));
  for (const id of ids) on ? marks.add(id) : marks.delete(id);
  session.dirty("shapes", "panel");
  return true;
}

export const toggleLock = (session: Session): boolean => toggle(session, session.locked);
export const toggleHide = (session: Session): boolean => toggle(session, session.hidden);

/** Drawn last: on top. */
export function bringToFront(session: Session): boolean {
  const shapes = editable(session);
  return session.commit(shapes.flatMap((shape): Change[] => [{ type: "remove", shapeId: shape.id }, put(shape)]));
}
