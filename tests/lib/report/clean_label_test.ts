import assert from "node:assert/strict";
import { makeReport } from "../../../lib/report/mod.ts";
import { fakeCleanLabel } from "./fake_results.ts";

Deno.test("an order holds at every share or not at all, and the report says where it does not", () => {
  const { comparisons } = makeReport(fakeCleanLabel());
  const mnist = comparisons.filter(({ what }) => what.startsWith("MNIST"));
  assert.deepEqual(mnist.map(({ what, ours, verdict }) => [what, ours, verdict]), [
    [
      "MNIST: adversarial at least as successful as GAN interpolation",
      "at 1 of 2",
      "not reproduced",
    ],
    ["MNIST: GAN interpolation at least as successful as baseline", "at 2 of 2", "reproduced"],
    ["MNIST: adversarial at least as successful as baseline", "at 2 of 2", "reproduced"],
  ]);
  assert.equal(mnist[0]!.note, "does not hold at 50 %: 90.00 % against 95.00 %");
  assert.match(mnist[1]!.note, /25 %: 20\.00 % against 1\.00 %; 50 %: 95\.00 %/);
});

Deno.test("what was not run has no verdict, and an order with one side is none", () => {
  const { cells, ...results } = fakeCleanLabel();
  const { comparisons } = makeReport({
    ...results,
    cells: cells.filter(({ group }) => group !== "success mnist gan"),
  });
  const verdicts = comparisons.map(({ what, verdict }) => [what.split(":")[0], verdict]);
  assert.deepEqual(verdicts, [
    ...[["MNIST", null], ["MNIST", null], ["MNIST", "reproduced"]],
    ...[["CIFAR-10", null], ["CIFAR-10", null], ["CIFAR-10", null]],
    ...["reproduced", "not reproduced", "reproduced", "reproduced"].map((verdict) => [
      ...["data filter on MNIST", verdict],
    ]),
    ...Array.from({ length: 4 }, () => ["data filter on CIFAR-10", null]),
  ]);
});

Deno.test("curves have the spread over the classes, examples a row for each strategy", () => {
  const [{ figures, tables } = { figures: [], tables: [] }] = makeReport(fakeCleanLabel()).sections;
  assert.deepEqual(figures.map(({ name }) => name), ["mnist-success-by-share", "mnist-examples"]);
  assert.equal(figures[0]!.drawing.match(/<circle/g)?.length, 6);
  assert.equal(figures[1]!.drawing.match(/<image/g)?.length, 4);
  assert.deepEqual(tables[0]!.head, [
    ...["poisoned share", "adversarial", "GAN interpolation", "baseline"],
  ]);
  assert.deepEqual(tables[0]!.rows.map(([share]) => share), ["25 %", "50 %"]);
  assert.equal(tables[0]!.rows[0]![2], "20.00 % (19.00 % to 21.00 %)");
});
