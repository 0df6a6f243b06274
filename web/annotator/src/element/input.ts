import { viewPoint, type ViewPoint } from "../geometry/points";
import { panBy, toImage, toView, zoomAt } from "../geometry/viewport";
import { handleAt } from "../geometry/handles";
import { move, press, reach, release, rotationArm, type PointerIntent } from "../tools/pointer";
import type { Minimap } from "../render/minimap";
import { idle } from "../tools/gesture";
import type { Session } from "../tools/session";
import { followTouches } from "./touch";

export interface InputHost {
  session(): Session | null;
  active(): void;
  /** A click with the pin tool. */
  pin(at: PointerIntent["at"]): void;
  focusStage(): void;
}

/** Turns what the pointer does over the canvas into intents for the tools; panning and zooming never touch the gesture. */
export class PointerInput {
  readonly #stage: HTMLElement;
  readonly #host: InputHost;
  /** Set while the space bar is held. */
  spaceHeld = false;
  #panFrom: ViewPoint | null = null;

  constructor(stage: HTMLElement, host: InputHost) {
    this.#stage = stage;
    this.#host = host;
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    stage.addEventListener("pointerup", (event) => this.#up(event));
    stage.addEventListener("pointercancel", (event) => {
      if (event.pointerType !== "touch") this.#lost();
    });
    stage.addEventListener("pointerleave", (event) => this.#leave(event));
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    stage.addEventListener("contextmenu", (event) => event.preventDefault());
    stage.addEventListener("auxclick", (event) => event.preventDefault());
    followTouches(stage, {
      session: () => host.session(),
      point: (event) => this.#view(event),
      intent: (event) => this.#intent(event),
      active: () => host.active(),
      pin: (at) => host.pin(at),
      focusStage: () => host.focusStage(),
    });
  }

  #view(event: { clientX: number; clientY: number }): ViewPoint {
    const { left, top } = this.#stage.getBoundingClientRect();
    return viewPoint(event.clientX - left, event.clientY - top);
  }

  #intent(event: PointerEvent): PointerIntent {
    const session = this.#host.session()!;
    return { at: toImage(session.viewport, this.#view(event)), shift: event.shiftKey, select: event.ctrlKey || event.metaKey, alt: event.altKey, coarse: event.pointerType === "touch" };
  }

  #down(event: PointerEvent): void {
    const session = this.#host.session();
    if (!session || event.pointerType === "touch") return;
    this.#host.active();
    this.#host.focusStage();
    event.preventDefault();
    this.#stage.setPointerCapture(event.pointerId);
    if (event.button === 1 || (event.button === 0 && this.spaceHeld)) {
      this.#panFrom = this.#view(event);
      this.#stage.dataset["cursor"] = "panning";
      return;
    }
    if (event.button !== 0) return;
    if (session.tool === "pin") return this.#host.pin(this.#intent(event).at);
    press(session, this.#intent(event));
  }

  #move(event: PointerEvent): void {
    const session = this.#host.session();
    if (!session || event.pointerType === "touch") return;
    this.#host.active();
    const at = this.#view(event);
    if (this.#panFrom) {
      session.setViewport(panBy(session.viewport, at.x - this.#panFrom.x, at.y - this.#panFrom.y));
      this.#panFrom = at;
      return;
    }
    // The pen's and the mouse's full path matters to the brush only.
    const events = session.gesture.state === "brush" && event.getCoalescedEvents ? event.getCoalescedEvents() : [event];
    for (const one of events.length > 0 ? events : [event]) move(session, this.#intent(one));
    this.#showCursor(session, event);
  }

  #up(event: PointerEvent): void {
    const session = this.#host.session();
    if (!session || event.pointerType === "touch") return;
    if (this.#panFrom) {
      this.#panFrom = null;
      return this.#showCursor(session, event);
    }
    if (event.button === 0) release(session, this.#intent(event));
  }

  #lost(): void {
    this.#panFrom = null;
    const session = this.#host.session();
    const state = session?.gesture.state;
    if (session && (state === "move" || state === "resize" || state === "area")) session.setGesture(idle);
  }

  #leave(event: PointerEvent): void {
    const session = this.#host.session();
    if (!session || event.buttons !== 0 || session.cursorByKeys || session.gesture.state !== "idle") return;
    session.cursor = null;
    session.hovered = null;
    session.dirty("overlay");
  }

  #wheel(event: WheelEvent): void {
    const session = this.#host.session();
    if (!session) return;
    event.preventDefault();
    this.#host.active();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
    if (event.shiftKey && !event.ctrlKey) return session.setViewport(panBy(session.viewport, -(event.deltaX || event.deltaY) * lines, 0));
    // A pinch on a touchpad arrives as a wheel with Ctrl and small steps.
    const factor = Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0018));
    session.setViewport(zoomAt(session.viewport, this.#view(event), factor));
  }

  #showCursor(session: Session, event: PointerEvent): void {
    const intent = this.#intent(event);
    const [only, more] = session.selectedShapes;
    const handle = only && !more && session.isEditable(only) && session.gesture.state === "idle" ? handleAt(only, intent.at, reach(session, false), rotationArm(session)) : null;
    this.#stage.dataset["cursor"] = this.spaceHeld ? "pan" : handle ? cursorOf(handle) : session.tool === "select" || session.readOnly ? (session.hovered ? "move" : "default") : "draw";
  }
}

function cursorOf(handle: NonNullable<ReturnType<typeof handleAt>>): string {
  if (handle.type === "rotate") return "rotate";
  if (handle.type !== "side") return handle.type === "insert" ? "insert" : "vertex";
  if (handle.sx === 0) return "ns";
  if (handle.sy === 0) return "ew";
  return handle.sx === handle.sy ? "nwse" : "nesw";
}

/** A press on the small picture brings that place to the middle. */
export function followMinimap(minimap: Minimap, session: () => Session | null): void {
  minimap.canvas.addEventListener("pointerdown", (event) => {
    event.stopPropagation();
    const current = session();
    if (!current) return;
    const { width, height } = current.viewSize;
    const at = toView(current.viewport, minimap.pointAt(event.offsetX, event.offsetY));
    current.setViewport(panBy(current.viewport, width / 2 - at.x, height / 2 - at.y));
  });
}
