import assert from "node:assert/strict";
import fc from "fast-check";
import type { ImageBatch } from "../../../lib/core/types.ts";
import { type LabelRows, oneHot, poison } from "../../../lib/poison/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";
import { images } from "./arbitraries.ts";

const pattern = createTrigger("pattern");

/** Two images of one pixel. */
const two: ImageBatch = { data: Float32Array.of(0.25, 0.5), shape: [2, 1, 1, 1] };
const double = ({ data, shape }: ImageBatch) => ({ data: data.map((v) => v * 2), shape });
const addOne = ({ data, shape }: ImageBatch) => ({ data: data.map((v) => v + 1), shape });

Deno.test("every image gets the backdoor and its own label row", () => {
  fc.assert(fc.property(images({ minCount: 1 }), fc.infiniteStream(fc.nat(9)), (batch, labels) => {
    const targets = Uint8Array.from({ length: batch.shape[0] }, () => labels.next().value);
    const { attacked, attackLabels } = poison(batch, oneHot(targets, 10), {
      perturbation: pattern.apply,
    });
    assert.deepEqual(attacked, pattern.apply(batch));
    assert.deepEqual(attackLabels, oneHot(targets, 10));
  }));
});

Deno.test("broadcast gives the one row of probabilities to every image", () => {
  const row: LabelRows = { data: Float32Array.of(0.125, 0.625, 0.25), shape: [1, 3] };
  const { attackLabels } = poison(two, row, { perturbation: double, broadcast: true });
  assert.deepEqual(attackLabels, {
    data: Float32Array.of(0.125, 0.625, 0.25, 0.125, 0.625, 0.25),
    shape: [2, 3],
  });
});

Deno.test("several perturbations are applied in their order, none leaves the images", () => {
  const labels = oneHot(Uint8Array.of(0, 1), 2);
  const inOrder = poison(two, labels, { perturbation: [double, addOne] });
  assert.deepEqual([...inOrder.attacked.data], [1.5, 2]);
  const turned = poison(two, labels, { perturbation: [addOne, double] });
  assert.deepEqual([...turned.attacked.data], [2.5, 3]);
  assert.deepEqual(poison(two, labels, { perturbation: [] }).attacked, two);
});

Deno.test("the caller's images and labels stay as they are, whatever a perturbation does", () => {
  const batch: ImageBatch = { data: Float32Array.of(0.25, 0.5), shape: [2, 1, 1, 1] };
  const labels = oneHot(Uint8Array.of(1, 0), 2);
  const { attacked, attackLabels } = poison(batch, labels, {
    perturbation(images) {
      images.data.fill(1);
      return images;
    },
  });
  attackLabels.data.fill(9);
  assert.deepEqual([...attacked.data], [1, 1]);
  assert.deepEqual([...batch.data], [0.25, 0.5]);
  assert.deepEqual([...labels.data], [0, 1, 1, 0]);
});

Deno.test("missing labels are a TypeError", () => {
  for (const labels of [undefined, null, oneHot(new Uint8Array(), 10)]) {
    assert.throws(() => poison(two, labels, { perturbation: double }), {
      name: "TypeError",
      message: "Cannot poison: attackTargetLabels must be given, one row for each image, got none",
    });
  }
});

Deno.test("an empty batch is a RangeError", () => {
  const empty: ImageBatch = { data: new Float32Array(), shape: [0, 28, 28, 1] };
  for (const broadcast of [false, true]) {
    assert.throws(
      () => poison(empty, oneHot(Uint8Array.of(1), 10), { perturbation: double, broadcast }),
      {
        name: "RangeError",
        message: "Cannot poison: toBeAttacked must hold at least one image, got 0",
      },
    );
  }
});

Deno.test("label rows must be as many as images, or one to broadcast", () => {
  const rows = (count: number) => oneHot(new Uint8Array(count), 10);
  assert.throws(() => poison(two, rows(3), { perturbation: double }), {
    name: "RangeError",
    message: /must have 2 row\(s\) \(2 images, broadcast false\), got 3/,
  });
  assert.throws(() => poison(two, rows(2), { perturbation: double, broadcast: true }), {
    name: "RangeError",
    message: /must have 1 row\(s\) \(2 images, broadcast true\), got 2/,
  });
});
