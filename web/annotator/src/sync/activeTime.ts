/** Longer pauses are a coffee, a phone call, another tab: they are left out entirely. */
export const longestPause = 30_000;

/** Adds up the time between signs of activity. The clock is passed in: milliseconds, monotonic. */
export class ActiveTime {
  readonly #now: () => number;
  #last: number | null = null;
  #total = 0;
  #taken = 0;

  constructor(now: () => number, initial = 0) {
    this.#now = now;
    this.#total = this.#taken = initial;
  }

  /** A key, a pointer, a wheel. */
  touch(): void {
    const now = this.#now();
    if (this.#last !== null && now - this.#last <= longestPause) this.#total += now - this.#last;
    this.#last = now;
  }

  get milliseconds(): number { return Math.round(this.#total); }

  /** What was added since the last call; the sum of all calls is the total. */
  take(): number {
    const since = this.milliseconds - this.#taken;
    this.#taken = this.milliseconds;
    return since;
  }
}
