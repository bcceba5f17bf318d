import assert from "node:assert/strict";
import { samplesOf } from "../../../scripts/bench/interleave.ts";
import { compare, trainSection } from "../../../scripts/bench/train_report.ts";
import { names } from "../../../scripts/bench/train_variants.ts";

/** One round of each: training and evaluation. */
function samples(speeds: Record<string, readonly [training: number, evaluation: number]>) {
  return samplesOf(
    new Map(
      Object.entries(speeds).map(([name, [training, evaluation]]) => [
        name,
        [{ figures: { training, evaluation }, about: {} }],
      ]),
    ),
  );
}

const own = {
  [names.ours(1, false)]: [1500, 10_000],
  [names.ours(2, false)]: [3000, 20_000],
  [names.fit(false)]: [900, 9_000],
  [names.ours(1, true)]: [3000, 20_000],
  [names.ours(2, true)]: [6000, 40_000],
  [names.fit(true)]: [1800, 9_000],
} as const;

function ratios(speeds: Parameters<typeof samples>[0], workers: readonly number[]) {
  return Object.fromEntries(
    compare(samples(speeds), workers).map(({ what, ratio }) => [what, ratio.median]),
  );
}

Deno.test("most workers are compared with the faster peer, one worker and no flags", () => {
  const speeds = { ...own, [names.pytorch]: [1000, 8_000], [names.keras]: [1200, 5_000] } as const;
  assert.deepEqual(ratios(speeds, [1, 2]), {
    "training: edgedoor, 2 workers to Keras": 2.5,
    "training: edgedoor, 2 workers to edgedoor, 1 worker": 2,
    "evaluation: edgedoor, 2 workers to PyTorch": 2.5,
    "training: tfjs model.fit on lib/wasm to PyTorch": 0.9,
    "training: edgedoor --turbo, 2 workers to Keras": 5,
    "training: edgedoor --turbo, 2 workers to edgedoor --turbo, 1 worker": 2,
    "evaluation: edgedoor --turbo, 2 workers to PyTorch": 5,
    "training: tfjs model.fit on lib/wasm, V8's turbo flags to PyTorch": 1.8,
    "training: edgedoor --turbo, 2 workers to edgedoor, 2 workers": 2,
  });
});

Deno.test("without peers, edgedoor is compared with itself alone", () => {
  assert.deepEqual(Object.keys(ratios(own, [1, 2])), [
    "training: edgedoor, 2 workers to edgedoor, 1 worker",
    "training: edgedoor --turbo, 2 workers to edgedoor --turbo, 1 worker",
    "training: edgedoor --turbo, 2 workers to edgedoor, 2 workers",
  ]);
});

Deno.test("a section has a row a variant, and all samples for programs", () => {
  const section = trainSection("article", samples(own), { workers: [1, 2], notes: [] });
  assert.equal(section.name, "bench:train article");
  assert.deepEqual(section.tables[0]?.rows[1]?.slice(0, 4), [
    "edgedoor, 2 workers",
    "3,000",
    "3,000…3,000",
    "20,000",
  ]);
  assert.equal(section.tables[1]?.rows.length, 3);
});
