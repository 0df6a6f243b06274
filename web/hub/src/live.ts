/**
 * Pages that show running work. What has `data-live` (with an id, or a name of its own as the attribute's value) is fetched anew every two seconds while the page is visible; a chart only
 * gets its new option, so that it does not blink. When the work is over the page no longer says data-live, and is loaded once more as a whole.
 */
const every = 2000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function startLive(): void {
  window.Blazor?.addEventListener("enhancedload", settle);
  document.addEventListener("visibilitychange", settle);
  settle();
}

function settle(): void {
  loadCharts();
  clearTimeout(timer);
  if (!document.hidden && document.querySelector("[data-live]")) timer = setTimeout(() => void refresh(), every);
}

/** The chart bundle is large; only pages with a chart fetch it, also when they are reached without a full load. */
function loadCharts(): void {
  const source = document.querySelector<HTMLElement>("perenne-chart[data-src]")?.dataset["src"];
  if (source && !customElements.get("perenne-chart")) void import(new URL(source, document.baseURI).href);
}

async function refresh(): Promise<void> {
  const address = location.href;
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store" });
    // Signed out, or gone elsewhere meanwhile: what is shown stays.
    if (!response.ok || response.redirected || location.href !== address) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!fresh.querySelector("[data-live]")) {
      location.reload();
      return;
    }
    document.querySelectorAll<HTMLElement>("[data-live]").forEach((part) =>
      update(part, part.id ? fresh.getElementById(part.id) : fresh.querySelector<HTMLElement>(`[data-live="${part.dataset["live"]}"]`)));
  } catch {
    // The hub restarts, or the line is down for a moment: the next look may succeed.
  } finally {
    settle();
  }
}

function update(part: HTMLElement, fresh: HTMLElement | null): void {
  if (!fresh) return;
  if (part.localName === "perenne-chart") {
    const option = fresh.getAttribute("option") ?? "{}";
    if (option !== part.getAttribute("option")) part.setAttribute("option", option);
  } else if (part.innerHTML !== fresh.innerHTML && !part.contains(document.activeElement)) {
    part.replaceChildren(...fresh.childNodes);
  }
}
