import assert from "node:assert/strict";
import { toMarkdown } from "../../../lib/report/markdown.ts";
import { formatFigure, formatRatio, formatSummary, toText } from "../../../scripts/bench/report.ts";

const table = {
  title: "Speed",
  head: ["", "images/s"],
  alignments: "<>",
  rows: [["edgedoor", "2,950"], ["Keras", "–"]],
  notes: ["On one core."],
};

Deno.test("a table is text for terminals", () => {
  assert.equal(
    toText(table),
    "Speed\n\n          images/s\nedgedoor     2,950\nKeras            –\nOn one core.",
  );
});

Deno.test("a table is Markdown under a heading", () => {
  assert.equal(
    toMarkdown(table),
    "### Speed\n\n|  | images/s |\n| --- | --: |\n| edgedoor | 2,950 |\n| Keras | – |\n\nOn one core.",
  );
});

Deno.test("figures have as many digits as mean something", () => {
  const shown = [2949.6, 100, 82.14, 0.27349, 0.0000123, 0, null, undefined].map(formatFigure);
  assert.deepEqual(shown, ["2,950", "100", "82.1", "0.273", "0.0000123", "0.00", "–", "–"]);
});

Deno.test("a median stands with its spread", () => {
  const summary = { median: 1.85, min: 1.8, max: 1.92 };
  assert.deepEqual(formatSummary(summary), ["1.85", "1.80…1.92"]);
  assert.equal(formatRatio(summary), "1.85× (1.80…1.92)");
  assert.deepEqual(formatSummary(null), ["–", "–"]);
  assert.equal(formatRatio(null), "–");
});
