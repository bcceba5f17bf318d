import assert from "node:assert/strict";
import { fitTable, formatTable } from "../../../lib/core/table.ts";

const rows = [
  ["NAME", "KIND", "SIZE", "MOMENT"],
  ["mnist-article-single-target-pattern-epochs-5", "one", "4.8 MB", "2026-01-02"],
  ["mnist-article-single-target-pattern-epochs-7", "two", "10 B", "2026-01-03"],
];

Deno.test("a table that fits is left as it is", () => {
  for (const width of [70, 1000, Infinity]) {
    const table = fitTable(rows, "<<><", { width, spare: [3, 1] });
    assert.equal(table, formatTable(rows, "<<><"));
  }
});

Deno.test("columns are left out in their order, then names are cut, and both ends stay", () => {
  const fitted = (width: number) => fitTable(rows, "<<><", { width, spare: [3, 1] }).split("\n");
  assert.equal(Math.max(...fitted(60).map((line) => line.length)), 60);
  assert.match(fitted(60)[1]!, /^mnist-article-.*….*-epochs-5 {2}one {3}4\.8 MB {2}2026-01-02$/);
  assert.match(fitted(48)[1]!, /^mnist-article.*….*-epochs-5 {2}one {3}4\.8 MB$/);
  assert.match(fitted(34)[2]!, /^mnist-articl.*….*-epochs-7 {4}10 B$/);
  for (const width of [60, 48, 34]) {
    assert.ok(fitted(width).every((line) => line.length <= width));
  }
});

Deno.test("a name is never cut to nothing, however narrow the terminal", () => {
  const [, line] = fitTable(rows, "<<><", { width: 5, spare: [3, 1] }).split("\n");
  assert.equal(line, "mnist-articl…rn-epochs-5  4.8 MB");
});

Deno.test("short names are not cut", () => {
  const short = [["NAME", "TEXT"], ["a", "x".repeat(50)]];
  assert.equal(fitTable(short, "<<", { width: 20 }), formatTable(short, "<<"));
});
