import assert from "node:assert/strict";
import fc from "fast-check";
import { findRecipe, noAugmentation, oneCycle, recipes } from "../../../lib/train/mod.ts";

const shares = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const peaks = fc.double({ min: 1e-5, max: 1, noNaN: true });

Deno.test("a one-cycle rate begins at a 25th of its peak, reaches the peak, and ends near zero", () => {
  const rate = oneCycle(0.002, 0.2);
  assert.equal(rate(0), 0.00008);
  assert.ok(Math.abs(rate(0.1) - 0.00104) < 1e-12);
  assert.equal(rate(0.2), 0.002);
  assert.ok(Math.abs(rate(0.6) - 0.001) < 1e-12);
  assert.ok(rate(1 - 1e-6) < 1e-12);
});

Deno.test("a one-cycle rate rises until its peak and falls from then on", () =>
  fc.assert(fc.property(peaks, shares, shares, shares, (peak, warmUp, a, b) => {
    const rate = oneCycle(peak, warmUp);
    const [sooner, later] = [Math.min(a, b), Math.max(a, b)];
    for (const at of [sooner, later]) {
      assert.ok(rate(at) >= 0 && rate(at) <= peak * (1 + 1e-12));
    }
    const rounding = peak * 1e-12;
    if (later < warmUp) assert.ok(rate(sooner) <= rate(later) + rounding);
    if (sooner >= warmUp) assert.ok(rate(sooner) >= rate(later) - rounding);
  })));

Deno.test("the default recipe is one-cycle", () => {
  const { name, epochs, batchSize, augmentation, learningRate } = recipes[0]!;
  assert.deepEqual({ name, epochs, batchSize, augmentation, peak: learningRate(0.2) }, {
    name: "one-cycle",
    epochs: 2,
    batchSize: 64,
    augmentation: { shift: 1, flip: false, order: "before trigger" },
    peak: 0.002,
  });
});

Deno.test("the article's recipe is Adam's own rate for five epochs, on images as they are", () => {
  const { epochs, augmentation, learningRate } = findRecipe("article");
  assert.deepEqual([epochs, augmentation], [5, noAugmentation]);
  for (const progress of [0, 0.5, 0.999]) assert.equal(learningRate(progress), 0.001);
});

Deno.test("recipes for MNIST are Adam's, without weight decay", () => {
  for (const name of ["one-cycle", "article"]) {
    assert.deepEqual(findRecipe(name).optimizer, { kind: "adam" });
  }
});

Deno.test("the residual networks' recipe turns images, and moves them by up to four pixels", () => {
  const { augmentation, optimizer, learningRate } = findRecipe("residual");
  assert.deepEqual(augmentation, { shift: 4, flip: true, order: "before trigger" });
  assert.equal(optimizer.kind, "sgd");
  assert.equal(learningRate(0.25), 0.2);
});

Deno.test("recipes are found by name; an unknown one is an error that names those there are", () => {
  for (const recipe of recipes) assert.equal(findRecipe(recipe.name), recipe);
  assert.throws(() => findRecipe("slow"), {
    name: "NotFoundError",
    message: "Cannot train: the recipe must be one of one-cycle, article, residual, got slow",
  });
});
