import type { AnnotationDocument, AnnotationTask, Change, Decision, DecisionRequest, Operation, SaveResult, Transport } from "../contract";
import { applyChanges } from "../model/document";
import type { ActiveTime } from "./activeTime";
import type { Journal } from "./journal";
import { rebase } from "./rebase";

export type SyncState =
  | { readonly type: "saved" }
  | { readonly type: "saving"; readonly waiting: number }
  | { readonly type: "offline"; readonly waiting: number }
  | { readonly type: "signedOut"; readonly waiting: number }
  | { readonly type: "leaseLost"; readonly waiting: number; readonly message: string }
  | { readonly type: "refused"; readonly waiting: number; readonly message: string }
  /** The hub has all changes but did not take the answer: it is the person's again, to mend and to give once more. */
  | { readonly type: "returned"; readonly message: string }
  /** The browser's own storage failed: the work is in memory and on its way, but a killed tab would lose it. */
  | { readonly type: "notKept"; readonly waiting: number; readonly message: string };

export interface SyncOptions {
  readonly task: Pick<AnnotationTask, "id" | "lease" | "revision" | "document">;
  readonly transport: Transport;
  readonly journal: Journal;
  readonly time: ActiveTime;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly wait: (milliseconds: number, then: () => void) => () => void;
  readonly onState: (state: SyncState) => void;
  /** Someone else's revision was merged under our operations. */
  readonly onMerged: (document: AnnotationDocument, copies: number) => void;
  readonly onDecided?: (decision: Decision) => void;
}

const gatherFor = 400;
const firstRetry = 1_000;
const longestRetry = 30_000;
const batchSize = 200;

/** Journal first, then the hub, in order, until acknowledged. One for each task; it goes on after the canvas has moved to the next. */
export class TaskSync {
  readonly #options: SyncOptions;
  #revision: number;
  #base: AnnotationDocument;
  #pending: Operation[] = [];
  #decision: DecisionRequest | null = null;
  #writes: Promise<void> = Promise.resolve();
  #cancelTimer: (() => void) | null = null;
  #busy: Promise<void> | null = null;
  #retry = firstRetry;
  #blocked: "signedOut" | "leaseLost" | "refused" | null = null;
  #state: SyncState = { type: "saved" };
  #stopped = false;

  private constructor(options: SyncOptions) {
    this.#options = options;
    this.#revision = options.task.revision;
    this.#base = options.task.document;
  }

  /** Brings back what a killed tab left behind; the returned document already contains it. */
  static async open(options: SyncOptions): Promise<{ sync: TaskSync; document: AnnotationDocument; restored: number; copies: number; rejected: readonly string[] }> {
    const sync = new TaskSync(options);
    const { task, journal, newId } = options;
    const kept = await journal.read(task.id);
    if (!kept) {
      await journal.replace({ taskId: task.id, revision: task.revision, base: task.document, operations: [], decision: null });
      return { sync, document: task.document, restored: 0, copies: 0, rejected: [] };
    }
    // The journal may know a later revision than the host does: another tab saved since the host fetched the task.
    const ahead = kept.revision >= task.revision;
    if (ahead) [sync.#revision, sync.#base] = [kept.revision, kept.base];
    const rebased = ahead
      ? { operations: kept.operations, document: applyChanges(kept.base, kept.operations.flatMap((one) => one.changes)), copies: 0 }
      : rebase(kept.base, task.document, kept.operations, newId);
    sync.#pending = [...rebased.operations];
    sync.#decision = kept.decision ? { ...kept.decision, lease: task.lease } : null;
    await journal.replace({ taskId: task.id, revision: sync.#revision, base: sync.#base, operations: rebased.operations, decision: sync.#decision });
    if (sync.waiting > 0) sync.#schedule(0);
    return { sync, document: rebased.document, restored: rebased.operations.length, copies: rebased.copies, rejected: kept.rejected ?? [] };
  }

  get state(): SyncState { return this.#state; }
  get revision(): number { return this.#revision; }
  get waiting(): number { return this.#pending.length + (this.#decision ? 1 : 0); }

  record(changes: readonly Change[]): void {
    const { newId, now, time, journal, task } = this.#options;
    const operation: Operation = { id: newId(), at: now().toISOString(), activeMilliseconds: time.take(), changes };
    this.#pending.push(operation);
    this.#write(() => journal.append(task.id, operation));
    this.#show();
    this.#schedule(gatherFor);
  }

  /** Kept here only: the hub hears of what was accepted. */
  reject(proposalId: string): void {
    this.#write(() => this.#options.journal.reject(this.#options.task.id, proposalId));
  }

  /** A decision is on its way, and nothing stands against it. */
  get deciding(): boolean { return this.#decision !== null && this.#state.type === "saving"; }

  /** Resolves when the decision is in the journal: from then on a killed tab cannot lose it. */
  async decide(decision: Decision): Promise<void> {
    const { newId, time, journal, task } = this.#options;
    const request: DecisionRequest = { id: newId(), taskId: task.id, lease: task.lease, baseRevision: this.#revision, activeMilliseconds: time.take(), decision };
    this.#decision = request;
    this.#write(() => journal.decide(task.id, request));
    this.#show();
    await this.#writes;
    this.#schedule(0);
  }

  /** Again at once: the network is back, the person signed in. */
  retryNow(): void {
    if (this.#blocked !== "leaseLost") this.#blocked = null;
    this.#retry = firstRetry;
    if (this.waiting > 0) this.#schedule(0);
  }

  /** Nothing waits: what the browser kept of the task may go. */
  async forget(): Promise<void> {
    this.#write(() => this.#options.journal.forget(this.#options.task.id));
    await this.#writes;
  }

  /** Another tab took over; it has the journal. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#writes;
    await this.#busy;
  }

  async written(): Promise<void> { await this.#writes; }

  #write(write: () => Promise<void>): void {
    this.#writes = this.#writes.then(write).catch((error: unknown) => {
      this.#set({ type: "notKept", waiting: this.waiting, message: error instanceof Error ? error.message : String(error) });
    });
  }

  #schedule(delay: number): void {
    if (this.#stopped || this.#blocked) return;
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.wait(delay, () => {
      this.#cancelTimer = null;
      this.#busy ??= this.#send().finally(() => (this.#busy = null));
    });
  }

  async #send(): Promise<void> {
    await this.#writes;
    while (!this.#stopped && this.waiting > 0) {
      const { transport, task } = this.#options;
      const batch = this.#pending.slice(0, batchSize);
      const request = { taskId: task.id, lease: task.lease, baseRevision: this.#revision };
      const decision = this.#decision;
      let result: SaveResult;
      try {
        result = batch.length > 0
          ? await transport.save({ ...request, operations: batch })
          : await transport.decide({ ...decision!, baseRevision: this.#revision });
      } catch {
        result = { status: "offline" };
      }
      if (!(await this.#handle(result, batch, decision))) return;
    }
  }

  /** Whether to go on sending at once. */
  async #handle(result: SaveResult, batch: readonly Operation[], decision: DecisionRequest | null): Promise<boolean> {
    const { journal, task, newId } = this.#options;
    switch (result.status) {
      case "ack":
        this.#retry = firstRetry;
        this.#revision = result.revision;
        if (batch.length === 0) {
          this.#decision = null;
          this.#write(() => journal.forget(task.id));
          this.#options.onDecided?.(decision!.decision);
        } else {
          const sent = new Set(batch.map((operation) => operation.id));
          this.#base = applyChanges(this.#base, batch.flatMap((operation) => operation.changes));
          this.#pending = this.#pending.filter((operation) => !sent.has(operation.id));
          const base = this.#base;
          this.#write(() => journal.acknowledge(task.id, sent, result.revision, base));
        }
        await this.#writes;
        this.#set(this.waiting === 0 ? { type: "saved" } : { type: "saving", waiting: this.waiting });
        return true;
      case "conflict": {
        const merged = rebase(this.#base, result.document, this.#pending, newId);
        this.#base = result.document;
        this.#revision = result.revision;
        this.#pending = [...merged.operations];
        const entry = { taskId: task.id, revision: this.#revision, base: this.#base, operations: merged.operations, decision: this.#decision };
        this.#write(() => journal.replace(entry));
        this.#options.onMerged(merged.document, merged.copies);
        this.#show();
        // Two busy writers must not chase each other at full speed.
        this.#schedule(Math.min(1_000, this.#retry));
        return false;
      }
      case "offline":
        this.#set({ type: "offline", waiting: this.waiting });
        this.#schedule(this.#retry);
        this.#retry = Math.min(longestRetry, this.#retry * 2);
        return false;
      case "unauthorized":
        this.#blocked = "signedOut";
        this.#set({ type: "signedOut", waiting: this.waiting });
        return false;
      case "lease_lost":
        this.#blocked = "leaseLost";
        this.#set({ type: "leaseLost", waiting: this.waiting, message: result.message ?? "" });
        return false;
      case "refused":
        if (batch.length === 0) {
          this.#decision = null;
          this.#write(() => journal.replace({ taskId: task.id, revision: this.#revision, base: this.#base, operations: this.#pending, decision: null }));
          await this.#writes;
          this.#set({ type: "returned", message: result.message });
          return false;
        }
        this.#blocked = "refused";
        this.#set({ type: "refused", waiting: this.waiting, message: result.message });
        return false;
    }
  }

  #show(): void {
    const waiting = this.waiting;
    if (waiting === 0) return this.#set({ type: "saved" });
    // While the reason it cannot be sent lasts, that is what must be seen, with the number going up.
    if (this.#state.type === "saved" || this.#state.type === "saving" || this.#state.type === "returned") this.#set({ type: "saving", waiting });
    else this.#set({ ...this.#state, waiting });
  }

  #set(state: SyncState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
