import assert from "node:assert/strict";
import fc from "fast-check";
import type { ImageShape } from "../../../lib/core/types.ts";
import { batches, type BatchOptions, type TrainingSet } from "../../../lib/train/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";

const trigger = createTrigger("pattern");

/** A set of images in which no two pixels are alike, and none is black or as bright as the trigger. */
function trainingSet(
  [height, width, channels]: ImageShape,
  rows: readonly { image: number; label: number; poisoned: boolean }[],
): TrainingSet {
  const count = 1 + Math.max(...rows.map(({ image }) => image));
  const length = count * height * width * channels;
  return {
    images: {
      data: Float32Array.from({ length }, (_, i) => (i + 1) / (length + 1)),
      shape: [count, height, width, channels],
    },
    rows: Uint32Array.from(rows, ({ image }) => image),
    labels: Uint8Array.from(rows, ({ label }) => label),
    poisoned: Uint8Array.from(rows, ({ poisoned }) => poisoned ? 1 : 0),
    trigger: rows.some(({ poisoned }) => poisoned) ? trigger : null,
  };
}

/** One image and its label as they came out of a batch. */
interface Drawn {
  readonly data: Float32Array;
  readonly label: number;
}

/** All images of an epoch, copied out of their batches, and the size of each batch. */
function drawEpoch(
  set: TrainingSet,
  options: Partial<BatchOptions> = {},
): { drawn: Drawn[]; sizes: number[] } {
  const [, ...shape] = set.images.shape;
  const size = shape[0] * shape[1] * shape[2];
  const drawn: Drawn[] = [];
  const sizes: number[] = [];
  const all = { batchSize: 4, seed: 1, epoch: 1, shift: 0, ...options };
  for (const { images, labels } of batches(set, all)) {
    assert.deepEqual(images.shape, [labels.length, ...shape]);
    assert.equal(images.data.length, labels.length * size);
    labels.forEach((label, i) =>
      drawn.push({ data: images.data.slice(i * size, (i + 1) * size), label })
    );
    sizes.push(labels.length);
  }
  return { drawn, sizes };
}

/** An image, moved pixel by pixel, then stamped. */
function naive(
  set: TrainingSet,
  row: number,
  [down, right]: readonly [number, number],
): Float32Array {
  const [, height, width, channels] = set.images.shape;
  const size = height * width * channels;
  const first = set.rows[row]! * size;
  const moved = new Float32Array(size);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromY, fromX] = [y - down, x - right];
      if (fromY < 0 || fromY >= height || fromX < 0 || fromX >= width) continue;
      for (let c = 0; c < channels; c++) {
        moved[(y * width + x) * channels + c] = set.images
          .data[first + (fromY * width + fromX) * channels + c]!;
      }
    }
  }
  if (set.poisoned[row] === 1) {
    for (const [y, x] of trigger.pixels([height, width, channels])) {
      const at = (y * width + x) * channels;
      moved.fill(trigger.manifest.value, at, at + channels);
    }
  }
  return moved;
}

function moves(shift: number): [number, number][] {
  const steps = Array.from({ length: 2 * shift + 1 }, (_, i) => i - shift);
  return steps.flatMap((down) => steps.map((right): [number, number] => [down, right]));
}

const equal = (a: Float32Array, b: Float32Array) => a.every((value, i) => value === b[i]);

const epochs = fc.record({
  shape: fc.tuple(
    fc.integer({ min: 5, max: 8 }),
    fc.integer({ min: 5, max: 8 }),
    fc.constantFrom(1, 3),
  ),
  rows: fc.array(
    fc.record({ image: fc.nat(6), label: fc.nat(9), poisoned: fc.boolean() }),
    { minLength: 1, maxLength: 14 },
  ),
  shift: fc.nat(2),
  batchSize: fc.integer({ min: 1, max: 16 }),
  seed: fc.nat(),
  epoch: fc.integer({ min: 1, max: 9 }),
});

Deno.test("an epoch has each row once: its image moved over black, then stamped, and its label", () =>
  fc.assert(fc.property(epochs, ({ shape, rows, ...options }) => {
    const set = trainingSet(shape, rows);
    const { drawn } = drawEpoch(set, options);
    assert.equal(drawn.length, rows.length);
    const left = new Set(rows.keys());
    for (const { data, label } of drawn) {
      const row = [...left].find((row) =>
        set.labels[row] === label &&
        moves(options.shift).some((move) => equal(naive(set, row, move), data))
      );
      assert.ok(row !== undefined, "an image that is no row's");
      left.delete(row);
    }
  })));

Deno.test("batches are full but for the last one, which has what is left", () => {
  const rows = Array.from({ length: 11 }, (_, image) => ({ image, label: 0, poisoned: false }));
  const set = trainingSet([5, 5, 1], rows);
  assert.deepEqual(drawEpoch(set, { batchSize: 4 }).sizes, [4, 4, 3]);
  assert.deepEqual(drawEpoch(set, { batchSize: 11 }).sizes, [11]);
  assert.deepEqual(drawEpoch(set, { batchSize: 100 }).sizes, [11]);
  assert.deepEqual(drawEpoch(set, { batchSize: 1 }).sizes, new Array(11).fill(1));
});

Deno.test("the same seed and epoch draw the same; another seed or epoch another order and moves", () => {
  const rows = Array.from({ length: 40 }, (_, image) => ({ image, label: image, poisoned: false }));
  const set = trainingSet([5, 5, 1], rows);
  const draw = (options: Partial<BatchOptions>) =>
    drawEpoch(set, { batchSize: 7, shift: 1, ...options });
  const first = draw({ seed: 3, epoch: 2 });
  assert.deepEqual(draw({ seed: 3, epoch: 2 }), first);
  for (const other of [draw({ seed: 4, epoch: 2 }), draw({ seed: 3, epoch: 1 })]) {
    const labels = ({ drawn }: { drawn: Drawn[] }) => drawn.map(({ label }) => label);
    assert.notDeepEqual(labels(other), labels(first));
    const byLabel = new Map(other.drawn.map(({ label, data }) => [label, data]));
    const alike = first.drawn.filter(({ label, data }) => equal(data, byLabel.get(label)!)).length;
    // Nine moves are as likely: 40 / 9 images meet the same one, on average.
    assert.ok(alike < 20, `got ${alike} of 40 images moved alike`);
  }
});

Deno.test("the size of the batches changes neither order nor moves", () => {
  const rows = Array.from({ length: 20 }, (_, image) => ({ image, label: image, poisoned: true }));
  const set = trainingSet([6, 5, 3], rows);
  const [small, large] = [3, 20].map((batchSize) =>
    drawEpoch(set, { batchSize, shift: 1 }).drawn.map(({ data, label }) => [label, ...data])
  );
  assert.deepEqual(small, large);
});

Deno.test("all moves up to the shift are as likely", () => {
  const rows = Array.from({ length: 2700 }, () => ({ image: 0, label: 0, poisoned: false }));
  const set = trainingSet([3, 3, 1], rows);
  const { drawn } = drawEpoch(set, { shift: 1, batchSize: 100 });
  const counts = moves(1).map((move) => {
    const expected = naive(set, 0, move);
    return drawn.filter(({ data }) => equal(data, expected)).length;
  });
  // 300 each, with a standard deviation of 16.
  assert.ok(counts.every((count) => count > 230 && count < 370), `got ${counts}`);
});

Deno.test("the set is left as it is", () => {
  const rows = [0, 1, 2].map((image) => ({ image, label: image, poisoned: image > 0 }));
  const set = trainingSet([5, 5, 1], rows);
  const { trigger: _, ...before } = structuredClone({ ...set, trigger: null });
  drawEpoch(set, { shift: 1 });
  const { trigger: __, ...after } = set;
  assert.deepEqual(after, before);
});

const wrong: readonly [options: Partial<BatchOptions>, message: RegExp][] = [
  [{ batchSize: 0 }, /batchSize must be an integer from 1, got 0$/],
  [{ batchSize: 1.5 }, /batchSize must be an integer from 1, got 1.5$/],
  [{ shift: -1 }, /shift must be an integer from 0 to below .* 5×6, got -1$/],
  [{ shift: 5 }, /shift must be an integer from 0 to below .* 5×6, got 5$/],
];
for (const [options, message] of wrong) {
  Deno.test(`${JSON.stringify(options)} is refused`, () => {
    const set = trainingSet([5, 6, 1], [{ image: 0, label: 0, poisoned: false }]);
    assert.throws(() => drawEpoch(set, options), { name: "RangeError", message });
  });
}
