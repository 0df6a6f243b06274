/// <reference path="../../annotator/src/svg.d.ts" />
import { type PerenneAnnotator } from "../../annotator/src/index";
import type { ImageSource } from "../../annotator/src/contract";
import { ask, HubTransport, type Answer } from "./bench/transport";
import { picture, toTask, type PictureJson, type TaskJson } from "./bench/task";

/** The annotate and review pages: pulls tasks, gives them to the canvas, fetches what comes next. */
const annotator = document.querySelector("perenne-annotator") as PerenneAnnotator;
const { project = "", campaign = "", mode = "annotate", task: wanted = "", prefer = "", user = "", language = "en" } = annotator.dataset;
const api = `/api/v1/projects/${project}`;
const review = mode === "review";
const queue = review ? "reviews" : mode === "adjudicate" ? "adjudications" : "tasks";
const end = document.querySelector<HTMLElement>("[data-bench-end]")!;
const onward = document.querySelector<HTMLElement>("[data-bench-next]")!;
const guidelines = document.querySelector<HTMLDialogElement>("[data-bench-guidelines]");

let current = "";
let done = 0;
let resent = false;
let foreseen: string[] = prefer ? [prefer] : [];
let pictures: ImageSource[] = [];
let again: ReturnType<typeof setTimeout> | undefined;

interface Upcoming { readonly assignmentId: string; readonly image: PictureJson }

function address(what: "next" | "task", id = ""): string {
  if (what === "task") return `${api}/${queue}/${id}`;
  if (queue !== "tasks") return `${api}/${queue}/next${campaign ? `?campaign=${campaign}` : ""}`;
  return `${api}/campaigns/${campaign}/next?view=true${foreseen.map((one) => `&prefer=${one}`).join("")}`;
}

async function next(): Promise<void> {
  clearTimeout(again);
  onward.hidden = true;
  if (!resent && (await sendUnfinished())) return;
  const pulled = await ask<{ assignmentId: string; task?: TaskJson | null }>("POST", address("next"));
  if (!pulled.ok) return stop(pulled);
  // One way to the hub and back, where it can be one.
  await (pulled.value.task ? begin(pulled.value.task) : open(pulled.value.assignmentId));
}

async function open(id: string): Promise<void> {
  const task = await ask<TaskJson>("GET", address("task", id));
  await (task.ok ? begin(task.value) : stop(task));
}

async function begin(task: TaskJson): Promise<void> {
  end.hidden = true;
  annotator.hidden = false;
  current = task.id;
  await show(task);
  void foresee();
}

async function show(task: TaskJson): Promise<void> {
  const open = annotator.session();
  if (open?.task.id === task.id) {
    // On the screen already (its unsent work was just sent): opening it anew would wait for its own tab lock.
    if (open.task.lease === task.lease && (review || !open.readOnly)) return;
    const place = annotator.parentElement!;
    annotator.remove();
    place.prepend(annotator);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await annotator.load(toTask(task));
}

/** The browser fetches and decodes what will probably be next while the person works. */
async function foresee(): Promise<void> {
  if (queue !== "tasks") return;
  const upcoming = await ask<Upcoming[]>("GET", `${api}/campaigns/${campaign}/upcoming`);
  if (!upcoming.ok) return;
  foreseen = upcoming.value.map((one) => one.assignmentId);
  pictures = upcoming.value.map((one) => picture(one.image));
  await annotator.prefetch(pictures);
}

/** Nothing to show: says why in the page's language, and tries again where that may help. */
function stop({ status, code, detail }: Extract<Answer<unknown>, { ok: false }>): void {
  current = "";
  const reason = status === 401 ? "sign-in" : status === 0 || status >= 500 ? "offline" : code;
  const known = end.dataset[`words${reason.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}`];
  end.querySelector("[data-bench-title]")!.textContent = known ?? (detail || `HTTP ${status}`);
  end.querySelector("[data-bench-detail]")!.textContent = known && language === "en" && reason === code ? detail : "";
  end.dataset["reason"] = reason;
  end.querySelector<HTMLElement>("[data-bench-sign-in]")!.hidden = reason !== "sign-in";
  annotator.hidden = true;
  end.hidden = false;
  if (reason === "offline") again = setTimeout(() => void next(), 5_000);
}

/** Work of an earlier visit that the hub does not have yet: opening it sends it. True when an answer came back to be mended: it stays on the screen, the rest goes after it. */
async function sendUnfinished(): Promise<boolean> {
  for (const id of await annotator.unfinished()) {
    const task = await ask<TaskJson>("GET", address("task", id));
    if (!task.ok || task.value.mode === "view") continue;
    current = "";
    const rest = settling();
    await show(task.value);
    if ((await rest(3_000)) !== "returned") continue;
    current = task.value.id;
    onward.hidden = false;
    return true;
  }
  resent = true;
  return false;
}

/** Listens from now on for the state in which the canvas's work comes to rest. Whoever waits gets undefined when it does not within so many milliseconds of waiting. */
function settling(): (patience: number) => Promise<string | undefined> {
  const listening = new AbortController();
  const settled = new Promise<string>((resolve) => {
    annotator.addEventListener("perenne-state", () => {
      const state = annotator.saveState?.type;
      if (state === "saved" || state === "returned") resolve(state);
    }, { signal: listening.signal });
  });
  return async (patience) => {
    const state = await Promise.race([settled, new Promise<undefined>((resolve) => setTimeout(resolve, patience))]);
    listening.abort();
    return state;
  };
}

// The image that will most probably be next is on the screen before the hub has answered.
for (const decided of ["perenne-submit", "perenne-skip"]) {
  annotator.addEventListener(decided, () => {
    const next = pictures.shift();
    if (next) annotator.preview(next);
  });
}
annotator.addEventListener("perenne-decided", (event) => {
  if ((event as CustomEvent<{ taskId: string }>).detail.taskId !== current) return;
  document.querySelector("[data-bench-done]")!.textContent = (++done).toLocaleString(language);
  void next();
});
annotator.addEventListener("perenne-state", () => {
  const state = annotator.saveState?.type;
  if (state === "leaseLost" || state === "refused" || state === "returned") onward.hidden = false;
});
// A second tab signs in; this one keeps everything, and goes on when it is looked at again.
const signIn = (): void => void window.open(`/sign-in?returnUrl=${encodeURIComponent("/work")}`, "_blank");
annotator.addEventListener("perenne-sign-in", signIn);
annotator.addEventListener("perenne-guidelines", () => guidelines?.showModal());
end.querySelector("[data-bench-sign-in]")!.addEventListener("click", signIn);
for (const button of document.querySelectorAll("[data-bench-again], [data-bench-next]")) button.addEventListener("click", () => void next());
addEventListener("online", () => { if (!end.hidden) void next(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && end.dataset["reason"] === "sign-in" && !end.hidden) void next(); });

annotator.configure({ transport: new HubTransport(api, queue), user, language });
if (!(await sendUnfinished())) await (wanted ? open(wanted) : next());
document.documentElement.dataset["ready"] = "";
