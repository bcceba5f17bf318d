import assert from "node:assert/strict";
import { materialise, type PoisonedSet } from "../../../lib/poison/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";

/** Two 2×2 images; the second twice, the last time with one pixel of the trigger at (1, 1). */
const set: PoisonedSet = {
  images: { data: Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), shape: [2, 2, 2, 1] },
  perturbed: null,
  rows: Uint32Array.of(1, 0, 1),
  labels: Uint8Array.of(3, 4, 9),
  poisoned: Uint8Array.of(0, 0, 1),
  trigger: createTrigger("pixel", { distance: 1, value: 0 }),
  manifest: {
    kind: "single-target",
    trigger: { kind: "pixel", distance: 1, value: 0 },
    source: "all",
    target: 9,
    targets: [9],
    poisonRate: 1 / 3,
    poisoned: 1,
    perturbation: null,
  },
};

Deno.test("rows are copied in the set's order, the poisoned ones with the trigger", () => {
  const { images, labels } = materialise(set);
  assert.deepEqual(images, {
    data: Float32Array.of(0.5, 0.6, 0.7, 0.8, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0),
    shape: [3, 2, 2, 1],
  });
  assert.deepEqual([...labels], [3, 4, 9]);
});

Deno.test("a perturbed image stands in for its original, with the trigger where it is due", () => {
  const perturbed = {
    images: { data: Float32Array.of(0.9, 0.9, 0.9, 0.9), shape: [1, 2, 2, 1] as const },
    originals: Uint32Array.of(1),
  };
  const { images } = materialise({ ...set, perturbed, rows: Uint32Array.of(2, 0, 2) });
  const expected = [0.9, 0.9, 0.9, 0.9, 0.1, 0.2, 0.3, 0.4, 0.9, 0.9, 0.9, 0];
  assert.deepEqual(images.data, Float32Array.from(expected));
});

Deno.test("the copies share no memory with the set", () => {
  const { images, labels } = materialise({ ...set, trigger: null });
  images.data.fill(0);
  labels.fill(0);
  assert.equal(set.images.data[7], Math.fround(0.8));
  assert.deepEqual([...set.labels], [3, 4, 9]);
});

Deno.test("a trigger that does not lie within the images is refused", () => {
  assert.throws(() => materialise({ ...set, trigger: createTrigger("pattern") }), {
    name: "RangeError",
    message: /must lie within the image/,
  });
});
