import type { AnnotationDocument, AnnotationTask, Decision, Transport } from "../contract";
import { ActiveTime } from "../sync/activeTime";
import { Journal } from "../sync/journal";
import { TabLock } from "../sync/tabLock";
import { TaskSync, type SyncState } from "../sync/taskSync";

export interface HolderEvents {
  state(state: SyncState): void;
  merged(document: AnnotationDocument, copies: number): void;
  /** Another tab took the task over. */
  taken(): void;
  decided(taskId: string, decision: Decision): void;
}

export interface OpenTask {
  readonly document: AnnotationDocument;
  readonly sync: TaskSync;
  readonly lock: TabLock;
  readonly time: ActiveTime;
  readonly restored: number;
  readonly copies: number;
  readonly rejected: readonly string[];
}

export const newId = (): string => crypto.randomUUID();

/** Opens a task for editing in this tab, and keeps those that are still on their way to the hub. */
export class TaskHolder {
  readonly #journal: Promise<Journal>;
  readonly #transport: Transport;
  readonly #owner: string;
  readonly #draining = new Map<string, { sync: TaskSync; lock: TabLock }>();

  constructor(transport: Transport, owner: string) {
    this.#transport = transport;
    this.#owner = owner;
    this.#journal = Journal.open(indexedDB, owner);
  }

  /** Changes of earlier tasks that the hub has not acknowledged. */
  get drainingCount(): number {
    return [...this.#draining.values()].reduce((sum, one) => sum + one.sync.waiting, 0);
  }

  async lock(taskId: string, taken: () => Promise<void>): Promise<TabLock> {
    const earlier = this.#draining.get(taskId);
    if (earlier) {
      await earlier.sync.stop();
      earlier.lock.close();
      this.#draining.delete(taskId);
    }
    return TabLock.open(taskId, this.#owner, taken);
  }

  async open(task: AnnotationTask, lock: TabLock, events: HolderEvents): Promise<OpenTask> {
    const journal = await this.#journal;
    const time = new ActiveTime(() => performance.now());
    const opened = await TaskSync.open({
      task, journal, time, newId, transport: this.#transport,
      now: () => new Date(),
      wait: (milliseconds, then) => {
        const timer = setTimeout(then, milliseconds);
        return () => clearTimeout(timer);
      },
      onState: (state) => events.state(state),
      onMerged: (document, copies) => events.merged(document, copies),
      onDecided: (decision) => events.decided(task.id, decision),
    });
    return { ...opened, lock, time };
  }

  /** The canvas goes on to another task; this one is sent to the end. */
  release({ sync, lock }: OpenTask, taskId: string): void {
    if (sync.waiting === 0) return void sync.forget().finally(() => lock.close());
    this.#draining.set(taskId, { sync, lock });
  }

  /** Called when something was acknowledged: tasks that are through give their lock back. */
  settle(): void {
    for (const [taskId, { sync, lock }] of this.#draining) {
      if (sync.waiting > 0) continue;
      lock.close();
      this.#draining.delete(taskId);
    }
  }

  retryNow(): void {
    for (const { sync } of this.#draining.values()) sync.retryNow();
  }

  /** Task ids with work that an earlier visit could not send. */
  async unfinished(): Promise<string[]> {
    return (await this.#journal).unfinished();
  }
}
