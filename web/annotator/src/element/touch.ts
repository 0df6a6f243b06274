import { viewPoint, type ViewPoint } from "../geometry/points";
import { panBy, zoomAt } from "../geometry/viewport";
import { idle } from "../tools/gesture";
import { move, press, release, type PointerIntent } from "../tools/pointer";
import type { Session } from "../tools/session";

export interface TouchHost {
  session(): Session | null;
  point(event: PointerEvent): ViewPoint;
  intent(event: PointerEvent): PointerIntent;
  active(): void;
  pin(at: PointerIntent["at"]): void;
  focusStage(): void;
}

const longPress = 500;

/** One finger draws, selects or moves; two pan and zoom; a long press selects whatever the tool. */
export function followTouches(stage: HTMLElement, host: TouchHost): void {
  const fingers = new Map<number, ViewPoint>();
  let pinching = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start: ViewPoint | null = null;

  const endTimer = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };

  /** A second finger means the first did not want to draw. What was placed by earlier taps stays. */
  const giveUpDrag = (session: Session): void => {
    const { gesture } = session;
    if ((gesture.state === "box" && gesture.held) || ["brush", "move", "resize", "area"].includes(gesture.state)) session.setGesture(idle);
    else if (gesture.state === "path" && gesture.points.length > 1) session.setGesture({ ...gesture, points: gesture.points.slice(0, -1) });
    else if (gesture.state === "path" || (gesture.state === "rotated" && gesture.held)) session.setGesture(idle);
  };

  stage.addEventListener("pointerdown", (event) => {
    const session = host.session();
    if (!session || event.pointerType !== "touch") return;
    event.preventDefault();
    host.active();
    host.focusStage();
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, host.point(event));
    endTimer();
    if (fingers.size === 2) {
      pinching = true;
      return giveUpDrag(session);
    }
    if (fingers.size > 2) return;
    start = host.point(event);
    const intent = host.intent(event);
    if (session.tool === "pin") return host.pin(intent.at);
    press(session, intent);
    timer = setTimeout(() => {
      session.setGesture(idle);
      press(session, { ...intent, select: true });
      navigator.vibrate?.(15);
    }, longPress);
  });

  stage.addEventListener("pointermove", (event) => {
    const session = host.session();
    if (!session || !fingers.has(event.pointerId)) return;
    host.active();
    const before = [...fingers.values()];
    const at = host.point(event);
    fingers.set(event.pointerId, at);
    if (pinching) {
      const after = [...fingers.values()];
      if (after.length < 2) return;
      const middle = (points: ViewPoint[]): ViewPoint => viewPoint((points[0]!.x + points[1]!.x) / 2, (points[0]!.y + points[1]!.y) / 2);
      const spread = (points: ViewPoint[]): number => Math.max(1, Math.hypot(points[0]!.x - points[1]!.x, points[0]!.y - points[1]!.y));
      const from = middle(before), to = middle(after);
      session.setViewport(zoomAt(panBy(session.viewport, to.x - from.x, to.y - from.y), to, spread(after) / spread(before)));
      return;
    }
    if (start && Math.hypot(at.x - start.x, at.y - start.y) > 10) endTimer();
    // A finger is never still; until it really moves, it is a tap.
    if (timer === undefined) move(session, host.intent(event));
  });

  const lift = (event: PointerEvent): void => {
    const session = host.session();
    if (!session || !fingers.delete(event.pointerId)) return;
    endTimer();
    if (pinching) {
      if (fingers.size === 0) pinching = false;
      return;
    }
    if (event.type === "pointercancel") return giveUpDrag(session);
    release(session, host.intent(event));
  };
  stage.addEventListener("pointerup", lift);
  stage.addEventListener("pointercancel", lift);
}
