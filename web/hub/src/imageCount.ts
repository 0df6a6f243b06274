/** How many images a form's filter finds, and the first of them, while it is typed. Fields are named filter.…, after the gallery's query. */
export function startImageCounts(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (event: Event): void => {
    const form = event.target instanceof Element ? event.target.closest("form") : null;
    if (!form?.querySelector("[data-count-images]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => void count(form), 250);
  };
  document.addEventListener("input", later);
  document.addEventListener("change", later);
  const settle = (): void => document.querySelectorAll("[data-count-images]").forEach((output) => void count(output.closest("form")!));
  window.Blazor?.addEventListener("enhancedload", settle);
  settle();
}

async function count(form: HTMLFormElement): Promise<void> {
  const output = form.querySelector<HTMLElement>("[data-count-images]")!;
  const { countImages: images = "", one = "{0}", many = "{0}", project = "" } = output.dataset;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form))
    if (name.startsWith("filter.") && typeof value === "string" && value.trim()) query.set(name.slice(7), /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value.trim());
  const asked = query.toString();
  output.dataset["asked"] = asked;
  const [counted, page] = await Promise.all([read<{ count: number; isExact: boolean }>(`${images}/count?${asked}`), read<{ images: { id: string; fileName: string }[] }>(`${images}?size=8&${asked}`)]);
  if (!counted || !page || output.dataset["asked"] !== asked) return;
  const number = counted.count.toLocaleString(document.documentElement.lang) + (counted.isExact ? "" : "+");
  output.textContent = (counted.count === 1 ? one : many).replace("{0}", number);
  form.querySelector("[data-preview-images]")?.replaceChildren(...page.images.map(({ id, fileName }) => {
    const image = document.createElement("img");
    image.src = `/api/v1/projects/${project}/images/${id}/thumbnail`;
    image.alt = image.title = fileName;
    image.loading = "lazy";
    return image;
  }));
}

async function read<T>(url: string): Promise<T | null> {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    return response.ok ? ((await response.json()) as T) : null;
  } catch {
    return null;
  }
}
