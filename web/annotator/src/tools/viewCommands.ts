import { viewPoint } from "../geometry/points";
import { fit, zoomAt } from "../geometry/viewport";
import type { Command } from "./commands";
import type { Session } from "./session";

export type ViewCommand = Extract<Command, `view.${string}` | `brush.${string}`>;

/** Filters and layers that live in the element's settings are switched there; it hears of them by the same command. */
export function changeView(session: Session, command: ViewCommand): boolean {
  const centre = viewPoint(session.viewSize.width / 2, session.viewSize.height / 2);
  switch (command) {
    case "view.fit": session.setViewport(fit(session.size, session.viewSize)); return true;
    case "view.actual": session.setViewport(zoomAt(session.viewport, centre, 1 / session.viewport.scale)); return true;
    case "view.in": session.setViewport(zoomAt(session.viewport, centre, 1.25)); return true;
    case "view.out": session.setViewport(zoomAt(session.viewport, centre, 0.8)); return true;
    case "view.hideAll":
      session.allHidden = !session.allHidden;
      session.dirty("shapes", "panel");
      return true;
    case "view.proposals":
      session.proposalsShown = !session.proposalsShown;
      session.dirty("shapes", "panel");
      return true;
    case "brush.smaller":
    case "brush.larger":
      session.brushRadius = Math.min(500, Math.max(1, Math.round(session.brushRadius * (command === "brush.larger" ? 1.25 : 0.8) + (command === "brush.larger" ? 0.5 : -0.5))));
      session.dirty("overlay", "panel");
      return true;
    default: return true;
  }
}
