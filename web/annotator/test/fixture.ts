import type { AnnotationTask, Change, Shape } from "../src/contract";
import { imagePoint } from "../src/geometry/points";
import { emptyDocument } from "../src/model/document";
import type { StateName, Tool } from "../src/tools/gesture";
import { move, press, type PointerIntent } from "../src/tools/pointer";
import type { MessageKey, Request, Surroundings } from "../src/tools/run";
import { Session } from "../src/tools/session";

export const box = (id: string, x = 100, y = 100, width = 80, height = 60, label = "open"): Shape => ({ id, kind: "box", label, attributes: {}, box: [x, y, width, height] });

export const pointAt = (x: number, y: number, more: Partial<PointerIntent> = {}): PointerIntent =>
  ({ at: imagePoint(x, y), shift: false, select: false, alt: false, coarse: false, ...more });

export interface Prepared { readonly shapes?: readonly Shape[]; readonly readOnly?: boolean; readonly task?: Partial<AnnotationTask>; readonly onStep?: (changes: readonly Change[]) => void; readonly rejected?: readonly string[]; readonly onReject?: (id: string) => void }

export function counter(prefix: string): () => string {
  let next = 0;
  return () => `${prefix}${++next}`;
}

/** A 1000 × 800 image at one CSS pixel a pixel. */
export function sessionWith({ shapes = [], readOnly = false, task = {}, onStep = () => undefined, rejected = [], onReject = () => undefined }: Prepared = {}): Session {
  const document = { ...emptyDocument, shapes, verdict: shapes.length > 0 ? ("defects" as const) : null };
  const session = new Session({
    task: {
      id: "t", lease: "l", revision: 1, document, image: { type: "plain", url: "x", width: 1000, height: 800 },
      classes: [{ name: "open", color: "#ff0000" }, { name: "short", color: "#00ff00" }, { name: "spur", color: "#0000ff" }], ...task,
    },
    document, user: "ana", newId: counter("new"), readOnly, onStep, onDirty: () => undefined, rejected, onReject,
  });
  session.viewSize = { width: 1000, height: 800 };
  session.viewport = { scale: 1, offsetX: 0, offsetY: 0 };
  return session;
}

export function surroundings(): Surroundings & { messages: MessageKey[]; requests: Request[] } {
  const messages: MessageKey[] = [], requests: Request[] = [];
  return { messages, requests, announce: (message) => void messages.push(message), request: (what) => void requests.push(what) };
}

function with_(tool: Tool, act: (session: Session) => void): () => Session {
  return () => {
    const session = sessionWith({ shapes: [box("a"), box("b", 400, 400)] });
    session.select(["a"]);
    session.tool = tool;
    act(session);
    return session;
  };
}

/** A session in the middle of each state, with two shapes in the document. */
export const stateSetups: Record<StateName, () => Session> = {
  idle: with_("select", (session) => void session.commit([{ type: "put", shape: box("a", 101) }])),
  box: with_("box", (session) => { press(session, pointAt(500, 100)); move(session, pointAt(560, 150)); }),
  rotated: with_("rotatedBox", (session) => { press(session, pointAt(500, 100)); move(session, pointAt(560, 150)); }),
  extreme: with_("extreme", (session) => { press(session, pointAt(500, 100)); press(session, pointAt(560, 150)); move(session, pointAt(530, 200)); }),
  path: with_("polygon", (session) => { for (const [x, y] of [[500, 100], [600, 100], [600, 200]] as const) press(session, pointAt(x, y)); move(session, pointAt(520, 210)); }),
  brush: with_("brush", (session) => { session.select([]); press(session, pointAt(500, 100)); move(session, pointAt(540, 110)); }),
  move: with_("select", (session) => { press(session, pointAt(140, 130)); move(session, pointAt(160, 150)); }),
  resize: with_("select", (session) => { press(session, pointAt(180, 160)); move(session, pointAt(200, 190)); }),
  area: with_("select", (session) => { session.select([]); press(session, pointAt(700, 700)); move(session, pointAt(800, 750)); }),
};
