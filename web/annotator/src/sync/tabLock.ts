/**
 * One tab edits a task; others are told. The lock ends with its tab, however that ends. Taking over asks the holder to
 * write its journal and step back, then waits for the lock.
 */
export class TabLock {
  readonly #name: string;
  readonly #channel: BroadcastChannel;
  readonly #onTaken: () => Promise<void>;
  #release: (() => void) | null = null;

  private constructor(name: string, onTaken: () => Promise<void>) {
    this.#name = name;
    this.#onTaken = onTaken;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = (event: MessageEvent) => {
      if (event.data === "take-over" && this.#release) void this.#stepBack();
    };
  }

  /** `onTaken`: another tab takes over; the lock is handed on when the promise resolves. */
  static async open(taskId: string, owner: string, onTaken: () => Promise<void>): Promise<TabLock> {
    const lock = new TabLock(`perenne-task/${owner}/${taskId}`, onTaken);
    await lock.#acquire({ ifAvailable: true });
    return lock;
  }

  get held(): boolean { return this.#release !== null; }

  async takeOver(): Promise<void> {
    if (this.held) return;
    const acquired = this.#acquire({});
    this.#channel.postMessage("take-over");
    await acquired;
  }

  close(): void {
    this.#release?.();
    this.#release = null;
    this.#channel.close();
  }

  async #stepBack(): Promise<void> {
    await this.#onTaken();
    this.#release?.();
    this.#release = null;
  }

  #acquire(options: LockOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      navigator.locks.request(this.#name, options, (lock) => {
        if (!lock) return resolve();
        return new Promise<void>((release) => {
          this.#release = release;
          resolve();
        });
      }).catch(reject);
    });
  }
}
