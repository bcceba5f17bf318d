import assert from "node:assert/strict";
import fc from "fast-check";
import type { ImageShape } from "../../../lib/core/types.ts";
import type { TrainingSet } from "../../../lib/core/training_set.ts";
import {
  type Augmentation,
  batches,
  type BatchOptions,
  noAugmentation,
} from "../../../lib/train/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";

const trigger = createTrigger("pattern");

/**
 * A set of images in which no two pixels are alike, and none is black or as bright as the trigger;
 * the last one stands among those that are perturbed.
 */
function trainingSet(
  [height, width, channels]: ImageShape,
  rows: readonly { image: number; label: number; poisoned: boolean }[],
): TrainingSet {
  const size = height * width * channels;
  const count = Math.max(...rows.map(({ image }) => image));
  const data = Float32Array.from(
    { length: (count + 1) * size },
    (_, i) => (i + 1) / ((count + 1) * size + 1),
  );
  return {
    images: { data: data.subarray(0, count * size), shape: [count, height, width, channels] },
    perturbed: {
      images: { data: data.subarray(count * size), shape: [1, height, width, channels] },
      originals: Uint32Array.of(0),
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

/** What tests change of an epoch's options; images as they are unless it says otherwise. */
type Options = Partial<Omit<BatchOptions, "augmentation"> & Augmentation>;

/** All images of an epoch, copied out of their batches, and the size of each batch. */
function drawEpoch(
  set: TrainingSet,
  { batchSize = 4, seed = 1, epoch = 1, ...changes }: Options = {},
): { drawn: Drawn[]; sizes: number[] } {
  const [, ...shape] = set.images.shape;
  const size = shape[0] * shape[1] * shape[2];
  const drawn: Drawn[] = [];
  const sizes: number[] = [];
  const all = { batchSize, seed, epoch, augmentation: { ...noAugmentation, ...changes } };
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

/** One way in which an image may be changed. */
interface Change {
  readonly down: number;
  readonly right: number;
  readonly isFlipped: boolean;
}

/** A row's image, changed pixel by pixel, and stamped before or behind that. */
function naive(
  set: TrainingSet,
  row: number,
  { down, right, isFlipped, order }: Change & Pick<Augmentation, "order">,
): Float32Array {
  const [count, ...shape] = set.images.shape;
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const isPerturbed = set.rows[row]! === count;
  const { data } = isPerturbed ? set.perturbed!.images : set.images;
  const first = isPerturbed ? 0 : set.rows[row]! * size;
  const stamped = (data: Float32Array, at: Augmentation["order"]) =>
    set.poisoned[row] === 1 && order === at ? trigger.apply({ data, shape }).data : data;
  const image = stamped(data.slice(first, first + size), "after trigger");
  const changed = new Float32Array(size);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromY, fromX] = [y - down, (isFlipped ? width - 1 - x : x) - right];
      if (fromY < 0 || fromY >= height || fromX < 0 || fromX >= width) continue;
      for (let c = 0; c < channels; c++) {
        changed[(y * width + x) * channels + c] = image[(fromY * width + fromX) * channels + c]!;
      }
    }
  }
  return stamped(changed, "before trigger");
}

/** All the ways in which an augmentation may change an image. */
function changes({ shift, flip }: Pick<Augmentation, "shift" | "flip">): Change[] {
  const steps = Array.from({ length: 2 * shift + 1 }, (_, i) => i - shift);
  return steps.flatMap((down) =>
    steps.flatMap((right) =>
      [false, ...flip ? [true] : []].map((isFlipped) => ({ down, right, isFlipped }))
    )
  );
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
  flip: fc.boolean(),
  order: fc.constantFrom<Augmentation["order"]>("before trigger", "after trigger"),
  batchSize: fc.integer({ min: 1, max: 16 }),
  seed: fc.nat(),
  epoch: fc.integer({ min: 1, max: 9 }),
});

Deno.test("an epoch has each row once: its image moved over black, turned, and stamped before or behind that", () =>
  fc.assert(fc.property(epochs, ({ shape, rows, ...options }) => {
    const set = trainingSet(shape, rows);
    const { drawn } = drawEpoch(set, options);
    assert.equal(drawn.length, rows.length);
    const left = new Set(rows.keys());
    for (const { data, label } of drawn) {
      const row = [...left].find((row) =>
        set.labels[row] === label &&
        changes(options).some((change) =>
          equal(naive(set, row, { ...change, order: options.order }), data)
        )
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
  const draw = (options: Options) => drawEpoch(set, { batchSize: 7, shift: 1, ...options });
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

Deno.test("all moves up to the shift are as likely, and half of the images are turned", () => {
  const rows = Array.from({ length: 5400 }, () => ({ image: 0, label: 0, poisoned: false }));
  const set = trainingSet([3, 3, 1], rows);
  const augmentation = { shift: 1, flip: true, order: "before trigger" } as const;
  const { drawn } = drawEpoch(set, { ...augmentation, batchSize: 100 });
  const counts = changes(augmentation).map((change) => {
    const expected = naive(set, 0, { ...change, order: augmentation.order });
    return drawn.filter(({ data }) => equal(data, expected)).length;
  });
  // 300 each, with a standard deviation of 16.
  assert.ok(counts.every((count) => count > 230 && count < 370), `got ${counts}`);
});

Deno.test("turning images moves none of them elsewhere", () => {
  const rows = Array.from({ length: 20 }, (_, image) => ({ image, label: image, poisoned: false }));
  const set = trainingSet([6, 5, 3], rows);
  const turned = drawEpoch(set, { shift: 2, flip: true }).drawn;
  drawEpoch(set, { shift: 2 }).drawn.forEach(({ data, label }, i) => {
    assert.equal(turned[i]!.label, label);
    const mirrored = data.map((_, at) => {
      const [row, column, channel] = [Math.floor(at / 15), Math.floor(at / 3) % 5, at % 3];
      return data[(row * 5 + 4 - column) * 3 + channel]!;
    });
    assert.ok(equal(turned[i]!.data, data) || equal(turned[i]!.data, mirrored));
  });
});

Deno.test("the set is left as it is", () => {
  const rows = [0, 1, 2].map((image) => ({ image, label: image, poisoned: image > 0 }));
  const set = trainingSet([5, 5, 1], rows);
  const { trigger: _, ...before } = structuredClone({ ...set, trigger: null });
  for (const order of ["before trigger", "after trigger"] as const) {
    drawEpoch(set, { shift: 1, flip: true, order });
  }
  const { trigger: __, ...after } = set;
  assert.deepEqual(after, before);
});

const wrong: readonly [options: Options, message: RegExp][] = [
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
