import assert from "node:assert/strict";
import fc from "fast-check";
import type { ImageBatch } from "../../../lib/core/types.ts";
import { Batcher } from "../../../lib/serve/batcher.ts";
import type { Classifier } from "../../../lib/serve/classifier.ts";

/** Answers each image, one pixel, with itself and its double; keeps what it was asked. */
function createFake(during: (batch: ImageBatch) => void | Promise<void> = () => {}) {
  const batches: number[][] = [];
  const classifier: Classifier = {
    engine: "compiled",
    inputs: [{ shape: [null, 1, 1, 1] }],
    outputs: [{ shape: [null, 2] }],
    async classify(batch) {
      batches.push([...batch.data]);
      await during(batch);
      return Float32Array.from([...batch.data].flatMap((value) => [value, 2 * value]));
    },
    dispose() {},
  };
  return { classifier, batches };
}

function imagesOf(...values: number[]): ImageBatch {
  return { data: Float32Array.from(values), shape: [values.length, 1, 1, 1] };
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Holds the thread, as a classifier does. */
function hold(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

Deno.test("whatever is asked for together, each gets its own answers", async () => {
  const sizes = fc.array(fc.nat({ max: 9 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 1, max: 7 }), async (sizes, batchSize) => {
      const fakes = [createFake(), createFake()];
      const batcher = new Batcher({ batchSize });
      const answers = await Promise.all(
        sizes.map((size, i) =>
          batcher.classify(fakes[i % 2]!.classifier, imagesOf(...range(100 * i, size)))
        ),
      );
      answers.forEach((answer, i) => {
        const expected = range(100 * i, sizes[i]!).flatMap((value) => [value, 2 * value]);
        assert.deepEqual([...answer], expected);
      });
      for (const { batches } of fakes) {
        assert.ok(batches.every(({ length }) => length >= 1 && length <= batchSize));
      }
      const asked = fakes.flatMap(({ batches }) => batches.flat()).length;
      assert.equal(asked, sizes.reduce((sum, size) => sum + size, 0));
    }),
    { numRuns: 50 },
  );
});

Deno.test("images for one model that wait together go in one batch, not with those for another", async () => {
  const [one, other] = [createFake(), createFake()];
  // Quick beyond doubt: all are in the first batch.
  const batcher = new Batcher({ batchSize: 8, turn: 1e6 });
  await Promise.all([
    batcher.classify(one.classifier, imagesOf(1, 2)),
    batcher.classify(other.classifier, imagesOf(3)),
    batcher.classify(one.classifier, imagesOf(4)),
  ]);
  assert.deepEqual(one.batches, [[1, 2, 4]]);
  assert.deepEqual(other.batches, [[3]]);
});

Deno.test("a small request does not wait for all images of a large one", async () => {
  const { classifier } = createFake();
  const batcher = new Batcher({ batchSize: 4 });
  const order: string[] = [];
  const ask = (name: string, ...values: number[]) =>
    batcher.classify(classifier, imagesOf(...values)).then(() => order.push(name));
  await Promise.all([ask("large", ...range(0, 100)), ask("small", 1), ask("other", 2, 3)]);
  assert.deepEqual(order, ["small", "other", "large"]);
});

Deno.test("other work has its turn between batches, and a batch is of bounded time", async () => {
  const { classifier, batches } = createFake(({ shape }) => hold(2 * shape[0]));
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await new Batcher({ batchSize: 32, turn: 10 }).classify(classifier, imagesOf(...range(0, 60)));
  clearInterval(timer);
  assert.ok(batches.every(({ length }) => length <= 5), `got ${batches.map((b) => b.length)}`);
  assert.ok(turns >= 6, `got ${turns} turns`);
});

Deno.test("a batch that was slow once by chance does not make the next ones small for good", async () => {
  let isSlow = true;
  const { classifier, batches } = createFake(() => hold(isSlow ? 30 : 0));
  const batcher = new Batcher({ batchSize: 16, turn: 10 });
  await batcher.classify(classifier, imagesOf(1));
  isSlow = false;
  await batcher.classify(classifier, imagesOf(...range(0, 40)));
  assert.ok(batches.some(({ length }) => length === 16), `got ${batches.map((b) => b.length)}`);
});

Deno.test("more images than may wait are refused at once, and taken again later", async () => {
  const gate = Promise.withResolvers<void>();
  const { classifier } = createFake(() => gate.promise);
  const batcher = new Batcher({ batchSize: 2, room: 10 });
  // One alone may be larger than the room.
  const first = batcher.classify(classifier, imagesOf(...range(0, 9)));
  const second = batcher.classify(classifier, imagesOf(1));
  await assert.rejects(batcher.classify(classifier, imagesOf(2)), {
    name: "BusyError",
    message: /at most 10 images may wait, got 1 more than 10; try again shortly/,
  });
  gate.resolve();
  await Promise.all([first, second]);
  const alone = await batcher.classify(classifier, imagesOf(...range(0, 30)));
  assert.equal(alone.length, 60);
});

Deno.test("work whose client has gone is dropped, and the others' is done", async () => {
  const leaving = new AbortController();
  const { classifier, batches } = createFake(({ data }) => {
    if (data.includes(0)) leaving.abort();
  });
  const batcher = new Batcher({ batchSize: 4 });
  const gone = batcher.classify(classifier, imagesOf(...range(0, 400)), leaving.signal);
  const stays = batcher.classify(classifier, imagesOf(1000));
  await assert.rejects(gone, { name: "AbortError" });
  assert.deepEqual([...await stays], [1000, 2000]);
  assert.ok(batches.flat().length <= 9, `got ${batches.flat().length} images`);
  await assert.rejects(batcher.classify(classifier, imagesOf(1), leaving.signal), {
    name: "AbortError",
  });
  assert.deepEqual([...await batcher.classify(classifier, imagesOf(7))], [7, 14]);
});

Deno.test("a model that fails fails its own requests alone, and later ones are tried", async () => {
  let fails = true;
  const bad = createFake(() => {
    if (fails) throw new Error("unreachable");
  });
  const good = createFake();
  const batcher = new Batcher();
  const failed = [1, 2].map((value) => batcher.classify(bad.classifier, imagesOf(value)));
  const fine = batcher.classify(good.classifier, imagesOf(3));
  for (const each of failed) await assert.rejects(each, /unreachable/);
  assert.deepEqual([...await fine], [3, 6]);
  fails = false;
  assert.deepEqual([...await batcher.classify(bad.classifier, imagesOf(4))], [4, 8]);
});
