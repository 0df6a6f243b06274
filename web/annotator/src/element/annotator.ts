import type { AnnotationDocument, AnnotationTask, Decision, ImageSource, PinnedComment, Transport } from "../contract";
import { boundsOf } from "../geometry/shapes";
import { imagePoint, toPosition, type ImagePoint } from "../geometry/points";
import { noFilters, type ViewFilters } from "../render/filters";
import { emptyDocument } from "../model/document";
import { prefetch, sourceOf } from "../render/pyramid";
import { Stage } from "../render/stage";
import { translator, type StringKey, type Translate } from "../strings";
import type { TabLock } from "../sync/tabLock";
import type { SyncState } from "../sync/taskSync";
import type { Command } from "../tools/commands";
import { run, type MessageKey, type Request } from "../tools/run";
import { Session, type Dirty } from "../tools/session";
import { Between } from "./between";
import { Bindings } from "./bindings";
import { CommentDrafts } from "./commentDrafts";
import { Comparison } from "./comparison";
import { openHelp, openSkip, openText } from "./dialogs";
import { followMinimap, PointerInput } from "./input";
import { followKeys } from "./keyboard";
import { savingNotice, withOthers } from "./savingNotice";
import { Shell } from "./shell";
import { describe } from "./shapeList";
import { newId, TaskHolder, type OpenTask } from "./taskHolder";
import type { Ui } from "./ui";

export interface AnnotatorHost {
  readonly transport: Transport;
  /** User id: the author of new shapes, and whose journal it is. */
  readonly user: string;
  readonly language?: string;
}

/**
 * The canvas. It knows no host: it is given a transport and tasks, and emits events (docs/annotation-document.md lists them).
 * A decision is journaled before its event is fired; the host answers by loading the next task.
 */
export class PerenneAnnotator extends HTMLElement implements Ui {
  readonly #root = this.attachShadow({ mode: "open" });
  readonly #holder: { current: TaskHolder | null } = { current: null };
  #shell: Shell | null = null;
  #stage: Stage | null = null;
  #session: Session | null = null;
  #open: OpenTask | null = null;
  #openId = "";
  readonly #between = new Between();
  #comparison: Comparison | null = null;
  #comments: CommentDrafts | null = null;
  #input: PointerInput | null = null;
  #user = "";
  #filters = noFilters;
  #panelFrame = 0;
  #panelStale = false;
  #loading = 0;
  #announced = "";
  t: Translate = translator("en");
  bindings = new Bindings(null);

  configure({ transport, user, language }: AnnotatorHost): void {
    this.t = translator(language ?? (document.documentElement.lang || "en"));
    this.#user = user;
    this.#holder.current = new TaskHolder(transport, user);
    try {
      this.bindings = new Bindings(localStorage);
    } catch {
      // Storage may be forbidden; keys are then the defaults.
    }
    this.#build();
  }

  session(): Session | null { return this.#session; }
  palette(): Stage["palette"] { return this.#stage!.palette; }
  filters(): ViewFilters { return this.#filters; }
  labelsShown(): boolean { return this.#stage?.labels ?? true; }
  focusStage(): void { this.#shell?.stage.focus({ preventScroll: true }); }

  get document(): AnnotationDocument | null { return this.#session?.document ?? null; }
  get revision(): number | null { return this.#open?.sync.revision ?? null; }
  get saveState(): SyncState | null { return this.#open?.sync.state ?? null; }
  get activeMilliseconds(): number { return this.#open?.time.milliseconds ?? 0; }
  /** For the bench. */
  get stageForBench(): Stage | null { return this.#stage; }

  /** Fetches and decodes images that come next. */
  async prefetch(images: readonly ImageSource[]): Promise<void> {
    await Promise.all(images.map(prefetch));
  }

  /** The person signed in again: what waited is sent now. */
  signedIn(): void {
    this.#open?.sync.retryNow();
    this.#holder.current?.retryNow();
  }

  /** Task ids of this person with work in this browser that the hub does not have; load them to send it. */
  async unfinished(): Promise<string[]> { return this.#holder.current?.unfinished() ?? []; }

  async load(task: AnnotationTask): Promise<void> {
    const holder = this.#holder.current;
    if (!holder || !this.#stage) throw new Error("Call configure() with a transport before load().");
    const loading = ++this.#loading;
    const isForeseen = this.#between.left !== null && sourceOf(task.image) === sourceOf(this.#session!.task.image);
    this.#between.arrive();
    let ahead: readonly Command[] = [];
    try {
      this.#release();
      const lock = await holder.lock(task.id, () => this.#stepBack(task.id));
      if (loading !== this.#loading) return lock.close();
      await this.#start(task, lock, loading);
    } finally {
      if (loading === this.#loading) ahead = this.#between.end(isForeseen);
    }
    for (const command of ahead) if (this.#open && loading === this.#loading) this.run(command);
  }

  /** The picture of the next task while the hub hands it out: it is seen at once, and keys pressed on it hold for it. `load` follows. */
  preview(image: ImageSource): void {
    const left = this.#session;
    if (!left || this.#between.left || !this.#open) return;
    const { classes, kinds, tagClasses, values, title } = left.task;
    const task = { id: left.task.id, lease: "", revision: 0, document: emptyDocument, image, classes, ...(kinds ? { kinds } : {}), ...(tagClasses ? { tagClasses } : {}), ...(values ? { values } : {}), ...(title ? { title } : {}) };
    this.#show(task, emptyDocument, true);
    this.#between.begin(left);
  }

  /** The hub did not take the decision: back to the task it was about. */
  #comeBack(): void {
    const left = this.#between.left;
    if (!left) return;
    this.#between.end(false);
    this.#session = left;
    left.setViewSize(this.#shell!.viewSize, false);
    this.#stage!.show(left, left.task.image);
    this.#comparison = new Comparison(left, this.#stage!, this.t);
    this.#shell!.update();
  }

  async #start(task: AnnotationTask, lock: TabLock, loading: number): Promise<void> {
    const holder = this.#holder.current!;
    if (!lock.held) {
      this.#show(task, task.document, true);
      this.#open = null;
      this.#shell!.notice.stand("tab", this.t("state.elsewhere"), { label: this.t("takeOver"), act: () => void lock.takeOver()
        .then(() => this.#start(task, lock, loading))
        .then(() => this.#shell!.notice.hint(this.t("message.tookOver"))) });
      return;
    }
    const open = await holder.open(task, lock, {
      state: (state) => this.#syncState(task.id, state),
      merged: (document, copies) => this.#merged(task.id, document, copies),
      taken: () => undefined,
      decided: (taskId, decision) => this.#emit("perenne-decided", { taskId, decision }),
    });
    if (loading !== this.#loading) return holder.release(open, task.id);
    [this.#open, this.#openId] = [open, task.id];
    this.#show(task, open.document, task.mode === "view" || task.mode === "review");
    this.#syncState(task.id, open.restored > 0 ? { type: "saving", waiting: open.restored } : { type: "saved" });
    if (open.copies > 0) this.#shell!.notice.hint(this.t("message.mergedCopies", { n: open.copies }));
    else if (open.restored > 0) this.#shell!.notice.hint(this.t("message.restored", { n: open.restored }));
    this.#emit("perenne-ready", { taskId: task.id, restored: open.restored });
  }

  run(command: Command): boolean {
    const session = this.#session;
    if (!session) return false;
    if (this.#between.keep(command)) return true;
    if (command === "view.invert") this.setFilters({ ...this.#filters, invert: !this.#filters.invert });
    if (command === "view.localContrast") this.setFilters({ ...this.#filters, localContrast: !this.#filters.localContrast });
    if (command === "view.resetFilters") this.setFilters(noFilters);
    if (command === "view.labels") this.#toggleLabels();
    if (command === "view.compare" && !this.#comparison?.next()) this.#shell!.notice.hint(this.t("noCompare"));
    return run(session, command, { announce: (message) => this.#say(message), request: (what) => this.#request(what) });
  }

  setFilters(filters: ViewFilters): void {
    this.#filters = filters;
    this.#stage?.setFilters(filters);
    this.#shell?.filters.update();
  }

  disconnectedCallback(): void {
    this.#release();
  }

  #build(): void {
    const stage = this.#stage = new Stage({
      imageShown: () => this.#emit("perenne-image-shown", { taskId: this.#session?.task.id }),
      imageFailed: () => this.#shell?.notice.stand("image", this.t("message.imageFailed"), { label: this.t("retry"), act: () => {
        this.#shell?.notice.clear("image");
        stage.retryImage();
      } }),
    });
    const shell = this.#shell = new Shell(this, this.#root, stage);
    this.#input = new PointerInput(shell.stage, {
      session: () => this.#session, active: () => this.#active(), focusStage: () => this.focusStage(), pin: (at) => this.#pin(at),
    });
    followKeys(shell.app, {
      bindings: this.bindings, run: (command) => this.run(command), active: () => this.#active(),
      space: (held) => {
        this.#input!.spaceHeld = held;
        shell.stage.dataset["cursor"] = held ? "pan" : "default";
      },
      stageHasFocus: () => this.#root.activeElement === shell.stage,
    });
    followMinimap(stage.minimap, () => this.#session);
    addEventListener("online", () => this.signedIn());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.#open?.sync.state.type === "signedOut") this.signedIn();
    });
    addEventListener("beforeunload", (event) => {
      if (this.#open?.sync.state.type === "notKept") event.preventDefault();
    });
    shell.onResize = (width, height, refit) => {
      stage.resize(width, height);
      this.#session?.setViewSize({ width, height }, refit);
    };
  }

  #show(task: AnnotationTask, document: AnnotationDocument, readOnly: boolean): void {
    const stage = this.#stage!, shell = this.#shell!, before = this.#session;
    const session: Session = new Session({
      task, document, readOnly, newId, user: this.#user,
      onStep: (changes) => {
        this.#active();
        this.#open?.sync.record(changes);
        this.#emit("perenne-change", { taskId: task.id });
      },
      rejected: this.#open?.rejected ?? [],
      onReject: (id) => {
        this.#active();
        this.#open?.sync.reject(id);
      },
      onDirty: (dirty) => {
        if (this.#session === session) this.#dirty(dirty);
      },
    });
    this.#session = session;
    // The tool and the class stay from image to image.
    if (before) session.tool = before.tool;
    if (before && task.classes.some((one) => one.name === before.label)) session.label = before.label;
    if (before) session.brushRadius = before.brushRadius;
    this.#comments = new CommentDrafts(this.#user, task.id);
    session.comments = [...session.comments, ...this.#comments.all];
    shell.notice.reset();
    session.setViewSize(shell.viewSize, true);
    stage.show(session, task.image);
    this.#comparison = new Comparison(session, stage, this.t);
    shell.update();
    this.focusStage();
  }

  #release(): void {
    if (this.#open) this.#holder.current?.release(this.#open, this.#openId);
    this.#open = null;
  }

  /** Another tab asked for the task. */
  async #stepBack(taskId: string): Promise<void> {
    if (this.#session?.task.id !== taskId || this.#between.left) return;
    this.#session.readOnly = true;
    await this.#open?.sync.stop();
    this.#open = null;
    this.#shell?.notice.stand("tab", this.t("state.taken"), { label: this.t("takeOver"), act: () => void this.load(this.#session!.task) });
    this.#session.dirty("shapes", "panel");
  }

  #merged(taskId: string, document: AnnotationDocument, copies: number): void {
    const session = this.#between.left ?? this.#session;
    if (session?.task.id !== taskId) return;
    session.history.replaceDocument(document);
    session.documentReplaced();
    this.#shell!.notice.hint(this.t(copies > 0 ? "message.mergedCopies" : "message.merged", { n: copies }));
    this.#emit("perenne-merged", { taskId, copies });
  }

  #syncState(taskId: string, state: SyncState): void {
    this.#holder.current?.settle();
    if (taskId === this.#openId && state.type !== "saved" && state.type !== "saving") this.#comeBack();
    if (this.#session?.task.id !== taskId) return this.#showSync();
    this.#showSync();
    const notice = this.#shell!.notice;
    const said = savingNotice(state, this.t, () => this.#emit("perenne-sign-in", { taskId }), () => this.signedIn());
    if (said) notice.stand("saving", said.text, said.button);
    else notice.clear("saving");
    if (state.type === "returned") this.#session.reopen();
    if (state.type === "leaseLost") {
      this.#session.readOnly = true;
      this.#emit("perenne-lease-lost", { taskId, document: this.document });
    }
    this.#emit("perenne-state", { taskId, state });
  }

  /** The task at hand and those still on their way count together: the person must not close the browser on either. */
  #showSync(): void {
    this.#shell?.status.setSync(withOthers(this.#open?.sync.state ?? { type: "saved" }, this.#holder.current?.drainingCount ?? 0));
  }

  #active(): void {
    this.#open?.time.touch();
    this.#shell?.status.setTime(this.#open?.time.milliseconds ?? 0);
  }

  #dirty(dirty: Dirty): void {
    this.#stage!.mark(dirty);
    this.#panelStale ||= dirty === "panel" || dirty === "shapes";
    this.#panelFrame ||= requestAnimationFrame(() => {
      this.#panelFrame = 0;
      // While panning and dragging only the figures in the status bar change; the lists may be long.
      if (!this.#panelStale) return this.#shell?.status.update();
      this.#panelStale = false;
      this.#shell?.update();
      this.#announceSelection();
    });
  }

  #announceSelection(): void {
    const session = this.#session!;
    const [id, more] = session.selection;
    const shape = id && !more ? session.shape(id) : null;
    const text = shape ? `${this.palette().style(shape.label).title}, ${describe(this, shape)}` : more ? String(session.selection.length) : "";
    if (text === this.#announced) return;
    this.#announced = text;
    this.#shell!.live.textContent = text;
  }

  #toggleLabels(): void {
    this.#stage!.labels = !this.#stage!.labels;
    this.#stage!.mark("shapes");
  }

  #say(message: MessageKey): void {
    this.#shell!.notice.hint(this.t(`message.${message}` as StringKey));
  }

  #request(what: Request): void {
    const taskId = this.#session!.task.id;
    switch (what.type) {
      case "help": return openHelp(this.#shell!.app, this);
      case "find": return this.#shell!.shapes.focusSearch();
      case "filters": return this.#shell!.filters.toggle();
      case "guidelines": return void this.#emit("perenne-guidelines", { taskId });
      case "skip": return openSkip(this.#shell!.app, this, (reason, text) => void this.#decide(text ? { type: "skip", reason, text } : { type: "skip", reason }));
      case "submit": return void this.#decide({ type: "submit" });
      case "accept": return void this.#decide({ type: "accept" });
      case "fix": return this.#startFix();
      case "reject": return this.#reject();
    }
  }

  #startFix(): void {
    const session = this.#session!;
    if (session.task.mode !== "review" || !this.#open) return;
    session.readOnly = false;
    this.#say("fixing");
    session.dirty("shapes", "panel");
  }

  #reject(): void {
    const drafts = this.#comments!;
    if (drafts.all.length > 0) return void this.#decide({ type: "reject", comments: drafts.all });
    const session = this.#session!;
    const [shape] = session.selectedShapes;
    const bounds = shape ? boundsOf(shape) : { x1: 0, y1: 0, x2: session.size.width, y2: session.size.height };
    openText(this.#shell!.app, this, this.t("rejectTitle"), this.t("rejectText"), (text) =>
      void this.#decide({ type: "reject", comments: [this.#comment(toPosition(imagePoint((bounds.x1 + bounds.x2) / 2, (bounds.y1 + bounds.y2) / 2)), text, shape?.id)] }));
  }

  #pin(at: ImagePoint): void {
    openText(this.#shell!.app, this, this.t("pinTitle"), this.t("rejectText"), (text) => {
      const session = this.#session!;
      const shape = session.index.at(at, 4 / session.viewport.scale, session.isVisible);
      const comment = this.#comment(toPosition(at), text, shape?.id);
      this.#comments!.add(comment);
      session.comments = [...session.comments, comment];
      session.dirty("overlay", "panel");
    });
  }

  #comment(at: readonly [number, number], text: string, shapeId: string | undefined): PinnedComment {
    return { id: newId(), at, text, author: this.#user, ...(shapeId ? { shapeId } : {}) };
  }

  async #decide(decision: Decision): Promise<void> {
    const open = this.#open, session = this.#session!;
    if (!open || open.sync.deciding) return;
    const detail = { taskId: session.task.id, decision, document: session.document, activeMilliseconds: open.time.milliseconds };
    if (!this.#emit("perenne-deciding", detail, true)) return;
    session.readOnly = true;
    await open.sync.decide(decision);
    this.#comments!.clear();
    this.#emit(`perenne-${decision.type}`, detail);
  }

  #emit(name: string, detail: unknown, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
  }
}

