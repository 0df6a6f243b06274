import type { SyncState } from "../sync/taskSync";
import type { StringKey } from "../strings";
import { boundsOf } from "../geometry/shapes";
import { h, setText } from "./dom";
import type { Part, Ui } from "./ui";

const symbols: Record<SyncState["type"], string> = { saved: "✓", saving: "↻", offline: "⚠", signedOut: "⚠", leaseLost: "⚠", refused: "⚠", returned: "⚠", notKept: "⚠" };

export interface StatusBar extends Part {
  setSync(state: SyncState): void;
  setTime(milliseconds: number): void;
}

export function stateText(ui: Ui, state: SyncState): string {
  return ui.t(`state.${state.type}` as StringKey, { n: "waiting" in state ? state.waiting : 0, message: "message" in state ? state.message : "" });
}

export function createStatusBar(ui: Ui): StatusBar {
  const sync = h("span", { class: "sync", role: "status", "data-state": "saved" });
  const answer = h("span", { class: "answer" });
  const zoom = h("button", { type: "button", class: "plain zoom", title: ui.t("view.actual"), onclick: () => ui.run("view.actual") });
  const size = h("span", { class: "size wide" });
  const cursor = h("span", { class: "cursor wide" });
  const shape = h("span", { class: "measure" });
  const time = h("span", { class: "time wide" });
  const element = h("footer", { class: "status" }, sync, answer, h("span", { class: "spring" }), shape, cursor, size, zoom, time);
  const pixels = (value: number): string => (Math.round(value * 10) / 10).toString();
  return {
    element,
    update() {
      const session = ui.session();
      if (!session) return;
      setText(zoom, `${Math.round(session.viewport.scale * 100)} %`);
      setText(size, `${session.size.width} × ${session.size.height}`);
      setText(cursor, session.cursor ? `${Math.floor(session.cursor.x)}, ${Math.floor(session.cursor.y)}` : "");
      const verdict = session.document.verdict;
      setText(answer, verdict === "no_defect" ? ui.t("noDefect") : verdict === "defects" ? `${ui.t("defects")}: ${session.document.shapes.length}` : ui.t("unanswered"));
      const { gesture } = session;
      const current = gesture.state === "resize" ? gesture.current : gesture.state === "move" ? gesture.current[0] : session.draft() ?? session.selectedShapes[0];
      const bounds = current && gesture.state !== "brush" ? boundsOf(current) : null;
      setText(shape, bounds ? `${pixels(bounds.x2 - bounds.x1)} × ${pixels(bounds.y2 - bounds.y1)} px` : "");
    },
    setSync(state) {
      sync.dataset["state"] = state.type;
      setText(sync, `${symbols[state.type]} ${stateText(ui, state)}`);
    },
    setTime(milliseconds) {
      const seconds = Math.floor(milliseconds / 1000);
      setText(time, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    },
  };
}
