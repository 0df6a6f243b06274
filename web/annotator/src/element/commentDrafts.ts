import type { PinnedComment } from "../contract";

/** A reviewer's pins wait for the decision; a killed tab must not lose them. */
export class CommentDrafts {
  readonly #key: string;
  #comments: PinnedComment[];

  constructor(user: string, taskId: string) {
    this.#key = `perenne-comments/${user}/${taskId}`;
    this.#comments = this.#read();
  }

  get all(): readonly PinnedComment[] { return this.#comments; }

  add(comment: PinnedComment): void {
    this.#comments = [...this.#comments, comment];
    localStorage.setItem(this.#key, JSON.stringify(this.#comments));
  }

  clear(): void {
    this.#comments = [];
    localStorage.removeItem(this.#key);
  }

  #read(): PinnedComment[] {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? "[]") as PinnedComment[];
    } catch {
      return [];
    }
  }
}
