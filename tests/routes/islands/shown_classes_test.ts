import assert from "node:assert/strict";
import fc from "fast-check";
import { shownClasses } from "../../../routes/islands/shown_classes.ts";

/** An answer of which the first model of each stage has these probabilities. */
function answer(original: readonly number[][], poisoned: readonly number[][], target: number) {
  const stage = (models: readonly number[][]) => ({
    png: "",
    predictions: models.map((probabilities, i) => ({
      ...{ model: "model", backdoored: i === 0, cleanAccuracy: null, confidence: 1, probabilities },
      label: probabilities.indexOf(Math.max(...probabilities)),
    })),
  });
  return {
    image: { width: 1, height: 1, channels: 1 },
    trigger: { kind: "pixel", distance: 1, value: 1, pixels: [] } as const,
    original: stage(original),
    poisoned: stage(poisoned),
    flipped: false,
    target,
  };
}

Deno.test("five classes are shown: what is said, the target, then the likeliest, in their order", () => {
  const first = [0, 0.02, 0.01, 0.03, 0, 0.9, 0, 0.04];
  const second = [0.9, 0, 0, 0, 0, 0.05, 0.05, 0];
  assert.deepEqual(shownClasses(answer([first], [second], 2)), [0, 2, 5, 6, 7]);
});

Deno.test("of few classes all are shown", () => {
  assert.deepEqual(shownClasses(answer([[0.2, 0.8]], [[0.8, 0.2]], 0)), [0, 1]);
});

Deno.test("what a model says is always among them, and so is the target", () => {
  const classes = 43;
  const probabilities = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), {
    minLength: classes,
    maxLength: classes,
  });
  const pair = fc.tuple(probabilities, probabilities).map((models) => [...models]);
  fc.assert(fc.property(pair, pair, fc.nat(classes - 1), (original, poisoned, target) => {
    const given = answer(original, poisoned, target);
    const shown = shownClasses(given);
    assert.equal(shown.length, 5);
    assert.deepEqual(shown, [...new Set(shown)].sort((a, b) => a - b));
    for (const { label } of [...given.original.predictions, ...given.poisoned.predictions]) {
      assert.ok(shown.includes(label));
    }
    assert.ok(shown.includes(target));
  }));
});
