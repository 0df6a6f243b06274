import type { AnnotationDocument, DecisionRequest, SaveRequest, SaveResult, Transport } from "../../../annotator/src/contract";

/** What the hub answered: the value, or why not. Status 0: it was not reached. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly status: number; readonly code: string; readonly detail: string };

export async function ask<T>(method: "GET" | "POST", url: string, body?: unknown): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(url, {
      method, credentials: "same-origin", cache: "no-store",
      headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    return { ok: false, status: 0, code: "offline", detail: "" };
  }
  const text = await response.text().catch(() => "");
  try {
    const value: unknown = text ? JSON.parse(text) : null;
    if (response.ok) return { ok: true, value: value as T };
    const { code = "", detail = "" } = (value ?? {}) as { code?: string; detail?: string };
    return { ok: false, status: response.status, code, detail };
  } catch {
    // A proxy's own page instead of the hub's answer.
    return { ok: false, status: response.ok ? 502 : response.status, code: "", detail: "" };
  }
}

interface Saved { readonly revision: number; readonly leaseLost: string | null }
interface Current { readonly revision: number; readonly document: AnnotationDocument }

/** The canvas's way to the hub, by the session's cookie. */
export class HubTransport implements Transport {
  readonly #api: string;
  readonly #leased: boolean;

  constructor(api: string, queue: "tasks" | "reviews" | "adjudications") {
    this.#api = `${api}/${queue}`;
    this.#leased = queue === "tasks";
  }

  async save({ taskId, lease, baseRevision, operations }: SaveRequest): Promise<SaveResult> {
    const url = `${this.#api}/${taskId}/operations`;
    return this.#result(taskId, await ask<Saved>("POST", url, this.#leased ? { fence: Number(lease), baseRevision, operations } : { baseRevision, operations }));
  }

  async decide({ id, taskId, lease, baseRevision, activeMilliseconds, decision }: DecisionRequest): Promise<SaveResult> {
    const url = `${this.#api}/${taskId}/${decision.type}`;
    const task = { id, fence: Number(lease), baseRevision, activeMilliseconds };
    const body = decision.type === "skip" ? { ...task, reason: camel(decision.reason), text: decision.text ?? null }
      : decision.type === "reject" ? { id, baseRevision, comments: decision.comments }
      : decision.type === "accept" || !this.#leased ? { id, baseRevision } : task;
    return this.#result(taskId, await ask<Saved>("POST", url, body));
  }

  async #result(taskId: string, answer: Answer<Saved>): Promise<SaveResult> {
    if (answer.ok) {
      const { revision, leaseLost } = answer.value;
      return leaseLost ? { status: "lease_lost", message: leaseLost } : { status: "ack", revision };
    }
    if (answer.status === 401) return { status: "unauthorized" };
    if (answer.code === "lease-lost") return { status: "lease_lost", message: answer.detail };
    if (answer.code === "revision-conflict") return this.#conflict(taskId);
    if (answer.status === 0 || answer.status === 408 || answer.status === 429 || answer.status >= 500 || answer.code === "busy") return { status: "offline" };
    return { status: "refused", message: answer.detail || `HTTP ${answer.status}` };
  }

  async #conflict(taskId: string): Promise<SaveResult> {
    const now = await ask<Current>("GET", `${this.#api}/${taskId}`);
    return now.ok ? { status: "conflict", revision: now.value.revision, document: now.value.document } : { status: "offline" };
  }
}

const camel = (words: string): string => words.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
