/** Everything here is comfort: each page works without it. */
export function startComforts(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const copy = target.closest<HTMLElement>("[data-copy]");
    if (copy) void copyFrom(copy);
    target.closest("[data-dismiss]")?.closest(".toast")?.remove();
    const field = target.closest<HTMLInputElement>("[data-select-all]");
    field?.select();
    const list = target.closest<HTMLElement>("[data-check-list]")?.dataset["checkList"];
    if (list) checkShown(list);
  });
  document.addEventListener("change", (event) => {
    // A filter applies at once; without a script its button does.
    const target = event.target;
    if (target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === "range")) target.closest<HTMLFormElement>("form[data-auto-submit]")?.requestSubmit();
  });
  document.addEventListener("input", (event) => {
    if (!(event.target instanceof HTMLInputElement)) return;
    if (event.target.dataset["slugFor"]) suggestSlug(event.target);
    if (event.target.dataset["filterList"]) filterList(event.target);
  });
  setInterval(() => void refreshParts(), 1_000);
  window.Blazor?.addEventListener("enhancedload", settle);
  settle();
}

/** A part with data-refresh-every="2" is fetched again every 2 seconds, unless a dialog in it is open or somebody is in it with the keyboard. */
async function refreshParts(): Promise<void> {
  for (const part of document.querySelectorAll<HTMLElement>("[data-refresh-every]")) {
    const age = Number(part.dataset["age"] ?? 0) + 1;
    part.dataset["age"] = String(age);
    if (age < Number(part.dataset["refreshEvery"]) || document.hidden || part.contains(document.activeElement) || document.querySelector(":popover-open")) continue;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) continue;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
    if (fresh && part.isConnected && !document.querySelector(":popover-open")) part.replaceWith(fresh);
  }
}

/** A long list of people shows those whose name contains what is typed; nothing chosen is lost by it. */
function filterList(field: HTMLInputElement): void {
  const wanted = field.value.trim().toLocaleLowerCase();
  for (const row of document.getElementById(field.dataset["filterList"] ?? "")?.children ?? [])
    if (row instanceof HTMLElement) row.hidden = !(row.textContent ?? "").toLocaleLowerCase().includes(wanted);
}

/** All that are shown get checked; when they all are, none. */
function checkShown(list: string): void {
  const boxes = [...(document.getElementById(list)?.children ?? [])].filter((row): row is HTMLElement => row instanceof HTMLElement && !row.hidden)
    .flatMap((row) => [...row.querySelectorAll<HTMLInputElement>("input[type=checkbox]")]);
  const all = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !all;
}

async function copyFrom(button: HTMLElement): Promise<void> {
  const field = document.getElementById(button.dataset["copy"] ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  field.select();
  // The clipboard interface needs a secure context; a hub in a plant often is plain http.
  const copied = navigator.clipboard ? await navigator.clipboard.writeText(field.value).then(() => true, () => false) : document.execCommand("copy");
  const words = button.querySelector("span");
  if (!copied || !words) return;
  const before = words.textContent;
  words.textContent = button.dataset["copied"] ?? before;
  setTimeout(() => { words.textContent = before; }, 2000);
}

function suggestSlug(name: HTMLInputElement): void {
  const slug = name.form?.elements.namedItem(name.dataset["slugFor"] ?? "");
  if (slug instanceof HTMLInputElement && !slug.dataset["touched"]) slug.value = slugOf(name.value);
}

export function slugOf(name: string): string {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 63);
}

function settle(): void {
  document.querySelectorAll<HTMLElement>(":popover-open").forEach((open) => open.hidePopover());
  document.querySelectorAll<HTMLElement>('.toast[data-auto-hide="true"]').forEach((toast) => setTimeout(() => toast.remove(), 8000));
  // A refused form in a dialog comes back open.
  document.querySelector<HTMLElement>(".dialog:has(.alert-danger)")?.showPopover();
}

declare global {
  interface Window {
    Blazor?: { addEventListener(name: "enhancedload", handler: () => void): void };
  }
}
