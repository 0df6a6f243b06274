/** Sends chosen files one request each, a few at a time: every file has its verdict, and a broken connection loses only the files under way. */

interface FileVerdict { readonly name: string; readonly outcome: string; readonly reason?: string | null }
interface IntakeAnswer { readonly files: readonly FileVerdict[]; readonly stored: number; readonly duplicates: number; readonly refused: number }

const atOnce = 3;
const pictures = /\.(png|jpe?g|tiff?|bmp|webp|zip)$/i;

export function fill(words: string, ...values: readonly (string | number)[]): string {
  return words.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ""));
}

function start(area: HTMLElement): void {
  if (area.dataset["ready"]) return;
  area.dataset["ready"] = "yes";
  area.querySelectorAll<HTMLInputElement>("[data-files]").forEach((input) => input.addEventListener("change", () => void send(area, [...(input.files ?? [])])));
  const drop = area.querySelector<HTMLElement>("[data-drop]");
  drop?.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop?.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop?.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    void dropped(event.dataTransfer).then((files) => send(area, files));
  });
}

async function dropped(data: DataTransfer | null): Promise<File[]> {
  const entries = [...(data?.items ?? [])].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry instanceof FileSystemFileEntry) return [await new Promise<File>((resolve, reject) => entry.file(resolve, reject))];
  if (!(entry instanceof FileSystemDirectoryEntry)) return [];
  const reader = entry.createReader();
  const found: File[] = [];
  for (;;) {
    // A reader gives at most 100 entries a call.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const child of some) found.push(...await filesIn(child));
  }
}

async function send(area: HTMLElement, chosen: readonly File[]): Promise<void> {
  const files = chosen.filter((file) => pictures.test(file.name));
  const box = area.querySelector<HTMLElement>("[data-progress]")!, bar = box.querySelector("progress")!, status = box.querySelector<HTMLElement>("[data-status]")!;
  const refusals = box.querySelector<HTMLElement>("[data-refused]")!;
  const total = { stored: 0, duplicates: 0, refused: 0 };
  let done = 0, next = 0, broken = false;
  box.hidden = false;
  bar.max = Math.max(1, files.length);
  const refuse = (name: string, reason: string): void => {
    const line = document.createElement("li");
    line.textContent = `${name}: ${reason}`;
    refusals.append(line);
  };
  const worker = async (): Promise<void> => {
    while (next < files.length && !broken) {
      const file = files[next++]!;
      try {
        const answer = await sendOne(area, file);
        total.stored += answer.stored; total.duplicates += answer.duplicates; total.refused += answer.refused;
        answer.files.filter((one) => one.reason).forEach((one) => refuse(one.name, one.reason!));
      } catch (error) {
        if (error instanceof Refused) { total.refused++; refuse(file.name, error.message); } else broken = true;
      }
      bar.value = ++done;
      status.textContent = fill(area.dataset["wordsWaiting"] ?? "", done, files.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  status.textContent = broken ? area.dataset["wordsBroken"] ?? "" : fill(area.dataset["wordsDone"] ?? "", total.stored, total.duplicates, total.refused);
  area.querySelector<HTMLElement>("[data-finish]")!.hidden = broken;
}

class Refused extends Error {}

async function sendOne(area: HTMLElement, file: File): Promise<IntakeAnswer> {
  const query = new URLSearchParams({ fileName: file.webkitRelativePath || file.name });
  area.querySelectorAll<HTMLInputElement>("input[name]").forEach((input) => { if (input.value.trim()) query.set(input.name, input.value.trim()); });
  const response = await fetch(`${area.dataset["upload"]}?${query}`, {
    method: "POST", body: file, headers: { "Content-Type": /\.zip$/i.test(file.name) ? "application/zip" : file.type || "application/octet-stream", Accept: "application/json" },
  });
  if (response.ok) return await response.json() as IntakeAnswer;
  const problem = await response.json().catch(() => null) as { detail?: string } | null;
  throw new Refused(problem?.detail ?? `HTTP ${response.status}`);
}

const begin = (): void => document.querySelectorAll<HTMLElement>("[data-upload]").forEach(start);
window.Blazor?.addEventListener("enhancedload", begin);
begin();
