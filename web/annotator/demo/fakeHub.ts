import type { AnnotationDocument, DecisionRequest, SaveRequest, SaveResult, Transport } from "../src/contract";
import { applyChanges, emptyDocument } from "../src/model/document";

export type Weather = "online" | "offline" | "unauthorized" | "lease_lost" | "refused" | "lost_ack";

interface Stored { revision: number; document: AnnotationDocument; applied: string[]; decisions: DecisionRequest[]; saves: number }

/** A hub in localStorage, which outlives a killed tab as the real one does. */
export class FakeHub implements Transport {
  get weather(): Weather { return (localStorage.getItem("fake-hub-weather") as Weather | null) ?? "online"; }
  set weather(value: Weather) { localStorage.setItem("fake-hub-weather", value); }

  read(taskId: string): Stored {
    const text = localStorage.getItem(`fake-hub/${taskId}`);
    return text ? (JSON.parse(text) as Stored) : { revision: 1, document: emptyDocument, applied: [], decisions: [], saves: 0 };
  }

  write(taskId: string, stored: Stored): void { localStorage.setItem(`fake-hub/${taskId}`, JSON.stringify(stored)); }

  /** Someone else saves. */
  intrude(taskId: string, document: AnnotationDocument): void {
    const stored = this.read(taskId);
    this.write(taskId, { ...stored, revision: stored.revision + 1, document });
  }

  async save(request: SaveRequest): Promise<SaveResult> {
    const refused = await this.#weather();
    if (refused) return refused;
    const stored = this.read(request.taskId);
    const fresh = request.operations.filter((operation) => !stored.applied.includes(operation.id));
    if (fresh.length > 0 && request.baseRevision !== stored.revision) return { status: "conflict", revision: stored.revision, document: stored.document };
    const next: Stored = {
      ...stored, revision: fresh.length > 0 ? stored.revision + 1 : stored.revision, saves: stored.saves + 1,
      document: applyChanges(stored.document, fresh.flatMap((operation) => operation.changes)), applied: [...stored.applied, ...fresh.map((operation) => operation.id)],
    };
    this.write(request.taskId, next);
    return this.weather === "lost_ack" ? { status: "offline" } : { status: "ack", revision: next.revision };
  }

  async decide(request: DecisionRequest): Promise<SaveResult> {
    const refused = await this.#weather();
    if (refused) return refused;
    const stored = this.read(request.taskId);
    if (!stored.decisions.some((one) => one.id === request.id)) this.write(request.taskId, { ...stored, decisions: [...stored.decisions, request] });
    return { status: "ack", revision: stored.revision };
  }

  async #weather(): Promise<SaveResult | null> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    switch (this.weather) {
      case "offline": return { status: "offline" };
      case "unauthorized": return { status: "unauthorized" };
      case "lease_lost": return { status: "lease_lost", message: "Maria Keller has it since 10:42." };
      case "refused": return { status: "refused", message: "The class “bent” no longer exists." };
      default: return null;
    }
  }
}
