import "fake-indexeddb/auto";
import type { AnnotationDocument, DecisionRequest, SaveRequest, SaveResult, Transport } from "../../src/contract";
import { applyChanges, emptyDocument } from "../../src/model/document";
import { ActiveTime } from "../../src/sync/activeTime";
import { Journal } from "../../src/sync/journal";
import { TaskSync, type SyncOptions, type SyncState } from "../../src/sync/taskSync";
import { counter } from "../fixture";

/** A hub in memory that can be cut off, and can lose an acknowledgement after having applied the operations. */
export class MemoryHub implements Transport {
  revision = 1;
  document: AnnotationDocument = emptyDocument;
  decisions: DecisionRequest[] = [];
  requests: SaveRequest[] = [];
  answer: "normal" | "offline" | "throw" | "unauthorized" | "lease_lost" | "refused" | "lost_ack" = "normal";
  readonly #applied = new Set<string>();

  async save(request: SaveRequest): Promise<SaveResult> {
    this.requests.push(request);
    const refused = this.#refusal();
    if (refused) return refused;
    const fresh = request.operations.filter((operation) => !this.#applied.has(operation.id));
    if (fresh.length > 0 && request.baseRevision !== this.revision) return { status: "conflict", revision: this.revision, document: this.document };
    for (const operation of fresh) this.#applied.add(operation.id);
    this.document = applyChanges(this.document, fresh.flatMap((operation) => operation.changes));
    if (fresh.length > 0) this.revision++;
    return this.answer === "lost_ack" ? { status: "offline" } : { status: "ack", revision: this.revision };
  }

  async decide(request: DecisionRequest): Promise<SaveResult> {
    const refused = this.#refusal();
    if (refused) return refused;
    if (!this.decisions.some((one) => one.id === request.id)) this.decisions.push(request);
    return { status: "ack", revision: this.revision };
  }

  #refusal(): SaveResult | null {
    switch (this.answer) {
      case "throw": throw new TypeError("Failed to fetch");
      case "offline": return { status: "offline" };
      case "unauthorized": return { status: "unauthorized" };
      case "lease_lost": return { status: "lease_lost", message: "gone" };
      case "refused": return { status: "refused", message: "no" };
      default: return null;
    }
  }
}

/** Timers that run when the test says so. */
export class Timers {
  #waiting: { at: number; then: () => void }[] = [];
  now = 0;

  wait = (milliseconds: number, then: () => void): (() => void) => {
    const timer = { at: this.now + milliseconds, then };
    this.#waiting.push(timer);
    return () => (this.#waiting = this.#waiting.filter((one) => one !== timer));
  };

  get next(): number | null { return this.#waiting.length ? Math.min(...this.#waiting.map((one) => one.at)) - this.now : null; }

  async pass(milliseconds: number): Promise<void> {
    const until = this.now + milliseconds;
    for (;;) {
      const due = this.#waiting.filter((one) => one.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.now = Math.max(this.now, due.at);
      this.#waiting = this.#waiting.filter((one) => one !== due);
      due.then();
      await settled();
    }
    this.now = until;
  }
}

/** Lets promises and fake-indexeddb's own scheduling run dry. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 60; i++) await new Promise((resolve) => setImmediate(resolve));
}

let databases = 0;

export interface Tab { readonly sync: TaskSync; readonly document: AnnotationDocument; readonly restored: number; readonly copies: number; readonly rejected: readonly string[]; readonly states: SyncState[]; readonly merged: AnnotationDocument[]; readonly time: ActiveTime }

/** One browser; each `tab()` is a fresh page on the same storage. */
export function browser(hub: MemoryHub, owner = "ana"): { timers: Timers; tab(task?: string, fetched?: { revision: number; document: AnnotationDocument }): Promise<Tab>; journal(who?: string): Promise<Journal> } {
  const name = `journal-${++databases}`;
  const timers = new Timers();
  const newId = counter("op");
  const journal = (who = owner): Promise<Journal> => Journal.open(indexedDB, who, name);
  return {
    timers, journal,
    async tab(id = "t", fetched = { revision: hub.revision, document: hub.document }) {
      const states: SyncState[] = [], merged: AnnotationDocument[] = [];
      const time = new ActiveTime(() => timers.now);
      const options: SyncOptions = {
        task: { id, lease: "l", ...fetched }, transport: hub, journal: await journal(), time, newId,
        now: () => new Date(1_700_000_000_000 + timers.now), wait: timers.wait, onState: (state) => states.push(state), onMerged: (document) => merged.push(document),
      };
      return { ...(await TaskSync.open(options)), states, merged, time };
    },
  };
}
