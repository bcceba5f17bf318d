import assert from "node:assert/strict";
import type { TrainingSet } from "../../../../lib/core/training_set.ts";
import type { ImageBatch, LabelledImages } from "../../../../lib/core/types.ts";
import { lossesInTraining, rowsOfImages } from "../../../../lib/defence/rows/mod.ts";

const images: ImageBatch = { data: new Float32Array(10), shape: [10, 1, 1, 1] };
const labels = Uint8Array.from({ length: 10 }, (_, row) => row % 2);

const set: TrainingSet = {
  ...{ images, labels, perturbed: null, trigger: null },
  rows: Uint32Array.from(labels.keys()),
  poisoned: new Uint8Array(10),
};

/** An engine that takes class 0 for as likely as it has had steps, in tenths. */
function createEngine() {
  const engine = {
    steps: 0,
    sizes: [] as number[],
    seeds: [] as number[],
    isDisposed: false,
    step({ labels }: LabelledImages, rate: number) {
      assert.equal(rate, 0.5);
      engine.steps++;
      engine.sizes.push(labels.length);
      return Promise.resolve(1);
    },
    classify({ shape: [count] }: ImageBatch) {
      const p = engine.steps / 10;
      return Promise.resolve(
        Float32Array.from({ length: 2 * count }, (_, i) => i % 2 === 0 ? p : 1 - p),
      );
    },
    dispose: () => engine.isDisposed = true,
  };
  return engine;
}

function start(engine: ReturnType<typeof createEngine>) {
  return lossesInTraining(
    (seed) => {
      engine.seeds.push(seed);
      return Promise.resolve(engine);
    },
    { set, rows: rowsOfImages({ images, labels }), batchSize: 4, learningRate: 0.5 },
  );
}

Deno.test("losses are those after the steps that are asked for, over as many epochs as it takes", async () => {
  const engine = createEngine();
  const shares: number[] = [];
  const { losses, cost } = await start(engine)([2, 5], {
    ...{ seed: 7, onProgress: (share: number) => shares.push(share) },
  });
  assert.deepEqual(
    losses,
    [2, 5].map((steps) =>
      Float32Array.from(
        labels,
        (label) => -Math.log(Math.fround(label === 0 ? steps / 10 : 1 - steps / 10)),
      )
    ),
  );
  // Ten rows are two batches of four and one of two.
  assert.deepEqual(engine.sizes, [4, 4, 2, 4, 4]);
  assert.deepEqual(cost, { forwards: 20, backwards: 18 });
  assert.deepEqual(engine.seeds, [7]);
  assert.deepEqual(shares, [0.2, 0.4, 0.6, 0.8, 1]);
  assert.ok(engine.isDisposed);
});

Deno.test("a training is stopped by a signal, and its engine is disposed of", async () => {
  const engine = createEngine();
  const stop = new AbortController();
  const reason = new Error("stopped");
  await assert.rejects(
    start(engine)([5], {
      seed: 1,
      signal: stop.signal,
      onProgress: (share) => share > 0.5 && stop.abort(reason),
    }),
    reason,
  );
  assert.equal(engine.steps, 3);
  assert.ok(engine.isDisposed);
});
