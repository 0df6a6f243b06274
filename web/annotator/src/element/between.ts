import type { Command } from "../tools/commands";
import type { Session } from "../tools/session";

/** Keys pressed on the picture of a task that is on its way are kept for so long, ms. */
const holds = 3_000;

/** The time between a decision and the task that follows: its picture is on the screen already, and the keys pressed on it are kept. */
export class Between {
  #left: Session | null = null;
  #arriving = false;
  #keys: { readonly command: Command; readonly at: number }[] = [];

  /** The task that was decided; null when a task is at hand. */
  get left(): Session | null { return this.#left; }

  begin(left: Session): void {
    this.#left = left;
  }

  /** The task was handed out and is being opened: there is no way back any more, but keys still wait for it. */
  arrive(): void {
    [this.#left, this.#arriving] = [null, true];
  }

  /** Looking around works at once; whatever else is asked waits for the task. */
  keep(command: Command): boolean {
    if ((!this.#left && !this.#arriving) || command.startsWith("view.") || command === "help") return false;
    this.#keys.push({ command, at: performance.now() });
    return true;
  }

  /** @returns the keys to press now, if the task is the one whose picture was shown. */
  end(isForeseen: boolean): readonly Command[] {
    const keys = isForeseen ? this.#keys.filter((one) => performance.now() - one.at < holds) : [];
    [this.#left, this.#arriving, this.#keys] = [null, false, []];
    return keys.map((one) => one.command);
  }
}
