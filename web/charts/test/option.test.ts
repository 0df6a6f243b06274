import assert from "node:assert/strict";
import { test } from "node:test";
import { completeOption } from "../src/option";
import { tableOf } from "../src/table";
import { themeOf } from "../src/theme";

test("The page's option wins over the house defaults, and open axes take the theme", () => {
  const option = completeOption({ grid: { left: 40 }, xAxis: [{ type: "category" }], series: [] }, themeOf(true));
  assert.deepEqual(option["grid"], { left: 40, right: 16, top: 40, bottom: 8, containLabel: true });
  assert.equal((option["xAxis"] as { axisLabel: { color: string } }[])[0]?.axisLabel.color, themeOf(true).muted);
});

test("A category chart reads as a table with one column a series and empty cells for missing figures", () => {
  const data = tableOf({ xAxis: { name: "day", data: ["Mon", "Tue"] }, series: [{ name: "done", data: [3, null] }, { name: "goal", data: [5, { value: 6 }] }] });
  assert.deepEqual(data, { columns: ["day", "done", "goal"], rows: [["Mon", "3", "5"], ["Tue", "", "6"]] });
});

test("A dataset reads as a table whether its rows are arrays or records", () => {
  assert.deepEqual(tableOf({ dataset: { source: [["day", "n"], ["Mon", 1]] } }), { columns: ["day", "n"], rows: [["Mon", "1"]] });
  assert.deepEqual(tableOf({ dataset: { source: [{ day: "Mon", n: 1 }] } }), { columns: ["day", "n"], rows: [["Mon", "1"]] });
});
