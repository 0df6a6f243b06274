import type { ChartOption } from "./option";

export interface ChartData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const text = (value: unknown): string => {
  if (value === null || value === undefined || value === "-") return "";
  if (typeof value === "object" && "value" in value) return text(value.value);
  return Array.isArray(value) ? value.map(text).join(", ") : String(value);
};

const asList = (value: unknown): Record<string, unknown>[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]) as Record<string, unknown>[];

/** The figures of a chart as a table, for screen readers and for those who want the numbers. */
export function tableOf(option: ChartOption): ChartData {
  const dataset = asList(option["dataset"])[0];
  if (Array.isArray(dataset?.["source"])) {
    const [head, ...rows] = dataset["source"] as unknown[];
    if (Array.isArray(head)) return { columns: head.map(text), rows: rows.map((row) => (row as unknown[]).map(text)) };
    const records = dataset["source"] as Record<string, unknown>[];
    const columns = Object.keys(records[0] ?? {});
    return { columns, rows: records.map((record) => columns.map((column) => text(record[column]))) };
  }

  const series = asList(option["series"]);
  const category = [...asList(option["xAxis"]), ...asList(option["yAxis"])].find((axis) => Array.isArray(axis["data"]));
  const names = series.map((one, index) => text(one["name"]) || `${index + 1}`);
  if (category) {
    const labels = (category["data"] as unknown[]).map(text);
    const rows = labels.map((label, index) => [label, ...series.map((one) => text((one["data"] as unknown[] | undefined)?.[index]))]);
    return { columns: [text(category["name"]), ...names], rows };
  }

  const rows = series.flatMap((one, index) =>
    asList(one["data"]).map((point) => [names[index] ?? "", text((point as { name?: unknown }).name), text(point)]));
  return { columns: ["", "", ""], rows };
}
