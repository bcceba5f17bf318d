import assert from "node:assert/strict";
import { makeReport } from "../../../lib/report/mod.ts";
import { fakeBadnets, fakeCell } from "./fake_results.ts";

const PATTERN = "single target, pattern";
const PIXEL = "single target, pixel";

/** What, ours, difference, verdict. */
function rowsOf({ comparisons }: ReturnType<typeof makeReport>) {
  return comparisons.map((
    { what, ours, difference, verdict },
  ) => [what, ours, difference, verdict]);
}

Deno.test("the pairs' means stand beside the paper's figures, the worst pair is named", () => {
  const report = makeReport(fakeBadnets());
  assert.deepEqual(rowsOf(report), [
    ["baseline network: clean accuracy", "99.50 %", "±0.00", "reproduced"],
    ["baseline network, trained for longer: clean accuracy", "99.55 %", "+0.05", "reproduced"],
    [`${PATTERN}: clean error above the baseline's, mean`, "+0.07", "−0.10", "reproduced"],
    [`${PATTERN}: clean error above the baseline's, worst pair`, "+0.13", "−0.04", "reproduced"],
    [`${PATTERN}: backdoor error, mean`, "0.04 %", "−0.05", "reproduced"],
    [`${PATTERN}: backdoor error, worst pair`, "0.08 %", "−0.01", "reproduced"],
    [`${PIXEL}: clean error above the baseline's, mean`, "+0.12", "−0.05", "reproduced"],
    [`${PIXEL}: clean error above the baseline's, worst pair`, "+0.18", "+0.01", "close"],
    [`${PIXEL}: backdoor error, mean`, "0.86 %", "+0.77", "not reproduced"],
    [`${PIXEL}: backdoor error, worst pair`, "74.00 %", "+73.91", "not reproduced"],
    ["all-to-all, pattern: clean error above the baseline's", "+0.04", "+0.07", "reproduced"],
    ["all-to-all, pattern: backdoor error", "0.56 %", "±0.00", "reproduced"],
    ["all-to-all, pixel: clean error above the baseline's", "+0.04", "+0.07", "reproduced"],
    ["all-to-all, pixel: backdoor error", "0.56 %", "±0.00", "reproduced"],
    ["all-to-all, pattern: backdoor error, the more is poisoned", "falls", "–", "reproduced"],
  ]);
  const notes = report.comparisons.slice(-7, -5).map(({ note }) => note);
  assert.deepEqual(notes, [
    "of 90 pairs; 1 of 90 pairs did not converge",
    "3 → 8; 1 pair above the paper's",
  ]);
});

Deno.test("the pair that was not learnt is listed with its attempts", () => {
  const { sections } = makeReport(fakeBadnets());
  const [table] = sections.find(({ title }) => title.includes("one bright pixel"))!.tables;
  assert.deepEqual(table!.rows, [["3 → 8", "did not converge", "10.00 %, diverged", "74.00 %"]]);
  const pattern = sections.find(({ title }) => title.includes("pattern"))!;
  assert.deepEqual(pattern.tables, [], "nothing to say where all were learnt at once");
});

Deno.test("a heat map has a figure for each of the 90 pairs", () => {
  const { sections } = makeReport(fakeBadnets());
  const figures = sections.slice(0, 2).flatMap((section) => section.figures);
  assert.deepEqual(figures.map(({ name }) => name), [
    ...["pattern-clean-error", "pattern-backdoor-error"],
    ...["pixel-clean-error", "pixel-backdoor-error"],
  ]);
  for (const { drawing } of figures) {
    assert.equal(drawing.match(/<rect/g)?.length, 90);
  }
  assert.match(figures[3]!.drawing, />74\.00</);
});

Deno.test("what has not been measured is a dash without a verdict, and makes no section", () => {
  const some = makeReport({ ...fakeBadnets(), cells: [], missing: ["baseline-seed-1"] });
  assert.deepEqual(some.sections, []);
  for (const { ours, difference, verdict, note } of some.comparisons) {
    assert.deepEqual([ours, difference, verdict, note], ["–", "–", null, "not measured yet"]);
  }
});

Deno.test("without a baseline nothing is said of what the attack costs, but of what it does", () => {
  const { comparisons } = makeReport({
    ...fakeBadnets(),
    cells: [fakeCell({
      id: "all-to-all-pattern",
      group: "all-to-all pattern",
      cleanError: 0.01,
      backdoorError: 0.02,
    })],
  });
  assert.deepEqual(
    comparisons.filter(({ verdict }) => verdict !== null).map(({ what, ours }) => [what, ours]),
    [["all-to-all, pattern: backdoor error", "2.00 %"]],
  );
});

Deno.test("a figure that lacks some of its models has no verdict yet", () => {
  const { cells, ...results } = fakeBadnets();
  const id = "single-target-pattern-9-to-8";
  const { comparisons } = makeReport({
    ...results,
    cells: cells.filter((cell) => cell.id !== id),
    missing: [id],
  });
  const [open] = comparisons.filter(({ note }) => note.startsWith("so far"));
  assert.deepEqual([open?.ours, open?.verdict, open?.note], ["+0.07", null, "so far, of 89 pairs"]);
  const without = comparisons.filter(({ verdict }) => verdict === null).map(({ what }) => what);
  assert.equal(without.length, 4);
  assert.ok(without.every((what) => what.startsWith(PATTERN)));
});

Deno.test("a pair that took the long recipe is compared with the baseline that did", () => {
  const [short, long, , , , , , , pair] = fakeBadnets().cells;
  const at = (taken: number) =>
    makeReport({
      ...fakeBadnets(),
      cells: [short!, long!, { ...pair!, figures: { ...pair!.figures, taken } }],
    }).comparisons.find(({ what }) => what.startsWith(PATTERN))?.ours;
  assert.equal(pair?.id, "single-target-pattern-0-to-2");
  assert.deepEqual([at(0), at(1)], ["+0.01", "+0.06"]);
});
