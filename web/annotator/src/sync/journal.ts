import type { AnnotationDocument, DecisionRequest, Operation } from "../contract";

/** What the browser keeps of a task until the hub has everything. */
export interface JournalEntry {
  readonly taskId: string;
  readonly revision: number;
  /** The document at that revision, on which the operations were made. */
  readonly base: AnnotationDocument;
  readonly operations: readonly Operation[];
  readonly decision: DecisionRequest | null;
  /** Ids of proposals the person has rejected: no part of the document, yet work that a killed tab must not lose. */
  readonly rejected?: readonly string[];
}

interface StoredTask { readonly id: string; readonly owner: string; readonly revision: number; readonly base: AnnotationDocument; readonly rejected?: readonly string[] }
interface StoredOperation { readonly sequence?: number; readonly taskId: string; readonly operation: Operation }
interface StoredDecision { readonly taskId: string; readonly request: DecisionRequest }

const request = <T>(wanted: IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
  wanted.onsuccess = () => resolve(wanted.result);
  wanted.onerror = () => reject(wanted.error);
});

const finished = (transaction: IDBTransaction): Promise<void> => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = transaction.onerror = () => reject(transaction.error);
});

/** IndexedDB; every method resolves when the transaction is complete, so that a killed tab loses nothing it was told of. */
export class Journal {
  readonly #database: IDBDatabase;
  /** Two people who share a browser must not send each other's work. */
  readonly #owner: string;

  private constructor(database: IDBDatabase, owner: string) {
    this.#database = database;
    this.#owner = owner;
  }

  static async open(factory: IDBFactory, owner: string, name = "perenne-annotator"): Promise<Journal> {
    const opening = factory.open(name, 1);
    opening.onupgradeneeded = () => {
      const database = opening.result;
      database.createObjectStore("tasks", { keyPath: "id" });
      database.createObjectStore("operations", { keyPath: "sequence", autoIncrement: true }).createIndex("task", "taskId");
      database.createObjectStore("decisions", { keyPath: "taskId" });
    };
    return new Journal(await request(opening), owner);
  }

  #key(taskId: string): string { return `${this.#owner}/${taskId}`; }

  async read(taskId: string): Promise<JournalEntry | null> {
    const key = this.#key(taskId);
    const transaction = this.#database.transaction(["tasks", "operations", "decisions"]);
    const [task, operations, decision] = await Promise.all([
      request<StoredTask | undefined>(transaction.objectStore("tasks").get(key)),
      request<StoredOperation[]>(transaction.objectStore("operations").index("task").getAll(key)),
      request<StoredDecision | undefined>(transaction.objectStore("decisions").get(key)),
    ]);
    if (!task) return null;
    return { taskId, revision: task.revision, base: task.base, operations: operations.map((one) => one.operation), decision: decision?.request ?? null, rejected: task.rejected ?? [] };
  }

  /** Tasks of this person with something not sent yet. */
  async unfinished(): Promise<string[]> {
    const transaction = this.#database.transaction(["operations", "decisions"]);
    const [operations, decisions] = await Promise.all([
      request<StoredOperation[]>(transaction.objectStore("operations").getAll()),
      request<IDBValidKey[]>(transaction.objectStore("decisions").getAllKeys()),
    ]);
    const prefix = `${this.#owner}/`;
    const keys = [...operations.map((one) => one.taskId), ...decisions.map(String)];
    return [...new Set(keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)))];
  }

  /** Starts or replaces what is kept of the task. */
  async replace({ taskId, revision, base, operations, decision, rejected }: JournalEntry): Promise<void> {
    const key = this.#key(taskId);
    const transaction = this.#database.transaction(["tasks", "operations", "decisions"], "readwrite");
    const done = finished(transaction);
    const kept = rejected ?? (await this.#rejected(transaction, key));
    await this.#clear(transaction, key);
    transaction.objectStore("tasks").put({ id: key, owner: this.#owner, revision, base, rejected: kept } satisfies StoredTask);
    for (const operation of operations) transaction.objectStore("operations").add({ taskId: key, operation } satisfies StoredOperation);
    if (decision) transaction.objectStore("decisions").put({ taskId: key, request: decision } satisfies StoredDecision);
    await done;
  }

  async append(taskId: string, operation: Operation): Promise<void> {
    const transaction = this.#database.transaction("operations", "readwrite");
    transaction.objectStore("operations").add({ taskId: this.#key(taskId), operation } satisfies StoredOperation);
    await finished(transaction);
  }

  async decide(taskId: string, decision: DecisionRequest): Promise<void> {
    const transaction = this.#database.transaction("decisions", "readwrite");
    transaction.objectStore("decisions").put({ taskId: this.#key(taskId), request: decision } satisfies StoredDecision);
    await finished(transaction);
  }

  async reject(taskId: string, proposalId: string): Promise<void> {
    const transaction = this.#database.transaction("tasks", "readwrite");
    const done = finished(transaction), store = transaction.objectStore("tasks");
    const task = await request<StoredTask | undefined>(store.get(this.#key(taskId)));
    if (task) store.put({ ...task, rejected: [...new Set([...(task.rejected ?? []), proposalId])] } satisfies StoredTask);
    await done;
  }

  async #rejected(transaction: IDBTransaction, key: string): Promise<readonly string[]> {
    return (await request<StoredTask | undefined>(transaction.objectStore("tasks").get(key)))?.rejected ?? [];
  }

  /** The hub has these: the base moves on and they go. */
  async acknowledge(taskId: string, ids: ReadonlySet<string>, revision: number, base: AnnotationDocument): Promise<void> {
    const key = this.#key(taskId);
    const transaction = this.#database.transaction(["tasks", "operations"], "readwrite");
    const done = finished(transaction);
    const rejected = await this.#rejected(transaction, key);
    transaction.objectStore("tasks").put({ id: key, owner: this.#owner, revision, base, rejected } satisfies StoredTask);
    const store = transaction.objectStore("operations");
    for (const one of await request<StoredOperation[]>(store.index("task").getAll(key))) if (ids.has(one.operation.id)) store.delete(one.sequence!);
    await done;
  }

  async forget(taskId: string): Promise<void> {
    const transaction = this.#database.transaction(["tasks", "operations", "decisions"], "readwrite");
    const done = finished(transaction);
    await this.#clear(transaction, this.#key(taskId));
    await done;
  }

  async #clear(transaction: IDBTransaction, key: string): Promise<void> {
    transaction.objectStore("tasks").delete(key);
    transaction.objectStore("decisions").delete(key);
    const operations = transaction.objectStore("operations");
    for (const sequence of await request(operations.index("task").getAllKeys(key))) operations.delete(sequence);
  }
}
