import { paintDifferences, paintFindings } from "../render/compareLayer";
import type { Stage } from "../render/stage";
import { differences, findings } from "../review/compare";
import type { Translate } from "../strings";
import type { Session } from "../tools/session";

type Mode = "none" | "before" | "others";

/** Switches between the shapes as they are, what the last revision changed, and several annotators over each other. */
export class Comparison {
  readonly #session: Session;
  readonly #stage: Stage;
  readonly #t: Translate;
  #mode: Mode = "none";

  constructor(session: Session, stage: Stage, t: Translate) {
    this.#session = session;
    this.#stage = stage;
    this.#t = t;
    stage.extra = null;
    if (session.task.others?.length) this.#set("others");
  }

  /** False when there is nothing to compare with. */
  next(): boolean {
    const { before, others } = this.#session.task;
    const modes: Mode[] = ["none", ...(before ? ["before" as const] : []), ...(others?.length ? ["others" as const] : [])];
    if (modes.length === 1) return false;
    this.#set(modes[(modes.indexOf(this.#mode) + 1) % modes.length]!);
    return true;
  }

  #set(mode: Mode): void {
    const { task, document } = this.#session;
    this.#mode = mode;
    // While adjudicating, the shapes picked so far stay in sight.
    this.#session.allHidden = mode === "before" || (mode === "others" && (task.mode ?? "annotate") !== "annotate");
    if (mode === "none") this.#stage.extra = null;
    else if (mode === "before") this.#stage.extra = paintDifferences(differences(task.before!, document), this.#t);
    else this.#stage.extra = paintFindings(findings(task.others!), task.others!.map((one) => one.author), this.#stage.palette, this.#t);
    this.#session.dirty("shapes", "panel");
  }
}
