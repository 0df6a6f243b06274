/** Figures that move while somebody looks: <div data-live="name"> is drawn anew by the hub every few seconds while the page is in sight. */
const everySeconds = 4;

export function startLive(): void {
  setInterval(() => {
    if (document.visibilityState === "visible" && document.querySelector("[data-live]")) void refresh();
  }, everySeconds * 1000);
}

async function refresh(): Promise<void> {
  const address = location.href;
  const response = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store" }).catch(() => null);
  // Signed out, or gone elsewhere meanwhile: what is shown stays.
  if (!response?.ok || response.redirected || location.href !== address) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const next = fresh.querySelector<HTMLElement>(`[data-live="${part.dataset["live"]}"]`);
    if (next && next.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.replaceChildren(...next.childNodes);
  }
}
