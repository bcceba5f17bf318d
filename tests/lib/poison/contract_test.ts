/** What holds for every attack on a training set. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { createAttack, materialise } from "../../../lib/poison/mod.ts";
import { attackDefinitions } from "../../../lib/poison/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";
import { trainingSets } from "./arbitraries.ts";

const seeds = fc.nat();

for (const { kind, labels, rate: share } of attackDefinitions) {
  const trigger = createTrigger("pattern");
  const attack = createAttack(kind, { trigger, source: "all", target: 1, classes: 3 });
  const keepsLabels = labels === "kept";
  // Rates at which an attack on the smallest of the sets makes at least one poisoned image.
  const rates = share?.of === "target class"
    ? fc.constant(1)
    : fc.double({ min: 0.4, max: 0.9, noNaN: true });

  Deno.test(`${kind}: the same seed draws the same rows`, async () => {
    await fc.assert(fc.asyncProperty(trainingSets(), rates, seeds, async (clean, rate, seed) => {
      const options = { rate, seed };
      const [once, again] = [attack.poison(clean, options), attack.poison(clean, options)];
      assert.deepEqual(await once, await again);
    }));
  });

  Deno.test(`${kind}: materialised, only trigger pixels of poisoned rows differ`, async () => {
    await fc.assert(fc.asyncProperty(trainingSets(), rates, seeds, async (clean, rate, seed) => {
      const set = await attack.poison(clean, { rate, seed });
      const { images, labels } = materialise(set);
      const [, height, width, channels] = clean.images.shape;
      assert.deepEqual(images.shape, [set.rows.length, height, width, channels]);
      assert.deepEqual(labels, set.labels);
      const stamped = trigger.pixels([height, width, channels]);
      const size = height * width * channels;
      set.rows.forEach((image, row) => {
        const expected = clean.images.data.slice(image * size, (image + 1) * size);
        if (set.poisoned[row] === 1) {
          for (const [y, x] of stamped) {
            const start = (y * width + x) * channels;
            expected.fill(1, start, start + channels);
          }
        }
        assert.deepEqual(images.data.slice(row * size, (row + 1) * size), expected);
      });
    }));
  });

  if (keepsLabels) continue;

  Deno.test(`${kind}: the clean rows stay, in order and untouched`, async () => {
    await fc.assert(fc.asyncProperty(trainingSets(), rates, seeds, async (clean, rate, seed) => {
      const n = clean.labels.length;
      const before = structuredClone(clean);
      const set = await attack.poison(clean, { rate, seed });
      assert.deepEqual(clean, before);
      assert.equal(set.images, clean.images);
      assert.deepEqual([...set.rows.subarray(0, n)], [...clean.labels.keys()]);
      assert.deepEqual(set.labels.subarray(0, n), clean.labels);
      assert(set.poisoned.subarray(0, n).every((flag) => flag === 0));
    }));
  });

  Deno.test(`${kind}: the rows after them are poisoned, counted and labelled by targetOf`, async () => {
    await fc.assert(fc.asyncProperty(trainingSets(), rates, seeds, async (clean, rate, seed) => {
      const n = clean.labels.length;
      const set = await attack.poison(clean, { rate, seed });
      const added = set.rows.length - n;
      assert.equal(set.labels.length, set.rows.length);
      assert.equal(set.poisoned.length, set.rows.length);
      assert.equal(set.manifest.poisoned, added);
      assert.equal(set.manifest.kind, kind);
      assert.equal(set.trigger, added > 0 ? trigger : null);
      for (let row = n; row < set.rows.length; row++) {
        assert.equal(set.poisoned[row], 1);
        assert.equal(set.labels[row], attack.targetOf(clean.labels[set.rows[row]!]!));
      }
    }));
  });
}
