/** The search for a stamp: its first steps, its cost, and what it keeps. */

import assert from "node:assert/strict";
import { createRandom } from "../../../../lib/core/random.ts";
import { Inversion } from "../../../../lib/defence/model/inversion.ts";
import { stampReversed } from "../../../../lib/defence/model/reversed_trigger.ts";

const [PIXELS, CHANNELS, IMAGES] = [6, 2, 3];
const SIZE = PIXELS * CHANNELS;
const SHAPE = [IMAGES, 2, 3, CHANNELS] as const;

function draw(count: number, seed: number): Float32Array {
  const random = createRandom(seed, "values");
  return Float32Array.from({ length: count }, () => random.uniform());
}

const images = draw(IMAGES * SIZE, 1);
const wanted = draw(SIZE, 2);

/** A loss of each image: half of its squared distance to a picture. */
function gradientOf(stamped: Float32Array): Float32Array {
  return stamped.map((value, i) => value - wanted[i % SIZE]!);
}

function start(seed = 1) {
  return new Inversion(PIXELS, CHANNELS, createRandom(seed, "start"));
}

function stampedBy(inversion: Inversion): Float32Array {
  const stamped = new Float32Array(images.length);
  inversion.stampInto(stamped, images);
  return stamped;
}

/** What is to fall: the mean loss, and the norm at its cost. */
function objective(mask: Float32Array, pattern: Float32Array, cost: number): number {
  const { data } = stampReversed({ data: images, shape: SHAPE }, { mask, pattern });
  const loss = data.reduce((sum, value, i) => sum + (value - wanted[i % SIZE]!) ** 2 / 2, 0);
  return loss / IMAGES + cost * mask.reduce((sum, value) => sum + value, 0);
}

Deno.test("the first step of Adam moves each number by the rate against its slope", () => {
  const inversion = start();
  const { mask, pattern } = structuredClone(inversion.stamp);
  const slopes = [mask, pattern].map((values) =>
    values.map((_, i) => {
      const moved = (by: number) => {
        const other = values.map((value, j) => i === j ? value + by : value);
        return values === mask
          ? objective(other, pattern, inversion.cost)
          : objective(mask, other, inversion.cost);
      };
      return (moved(1e-2) - moved(-1e-2)) / 2e-2;
    })
  );
  inversion.step(images, gradientOf(stampedBy(inversion)), 0.5);
  for (
    const [j, [before, after]] of [[mask, inversion.stamp.mask], [pattern, inversion.stamp.pattern]]
      .entries()
  ) {
    before!.forEach((value, i) => {
      const behind = Math.atanh(2 * value - 1) - 0.2 * Math.sign(slopes[j]![i]!);
      const expected = Math.tanh(behind) / 2 + 0.5;
      assert.ok(Math.abs(after![i]! - expected) < 1e-3, `${after![i]}, not ${expected}`);
    });
  }
});

Deno.test("steps lead to the stamp that lowers the loss most, at a small cost", () => {
  const inversion = start();
  for (let step = 0; step < 200; step++) {
    inversion.step(images, gradientOf(stampedBy(inversion)), step % 2);
  }
  const { mask, pattern } = inversion.stamp;
  assert.ok(mask.every((value) => value > 0.9), mask.join());
  pattern.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]!) < 0.1));
});

Deno.test("the cost rises after five successes in a row, and falls further after five failures", () => {
  const inversion = start();
  const still = new Float32Array(images.length);
  const costs = (successes: readonly number[]) =>
    successes.map((success) => {
      inversion.step(images, still, success);
      return Math.round(inversion.cost * 1e9) / 1e6;
    });
  assert.deepEqual(costs([1, 1, 1, 1, 1]), [1, 1, 1, 1, 1.5]);
  assert.deepEqual(costs([1, 1, 1, 1, 0.97]), [1.5, 1.5, 1.5, 1.5, 1.5]);
  assert.deepEqual(costs([0, 0, 0, 0]), [1.5, 1.5, 1.5, 0.816497]);
  assert.deepEqual(costs([0.98, 1, 1, 1, 1]).at(-1), 1.224745);
});

Deno.test("the smallest of the stamps that succeeded is kept; without one, the norm is the image's size", () => {
  const inversion = start();
  const still = new Float32Array(images.length);
  assert.equal(inversion.best, null);
  inversion.step(images, still, 0.9);
  assert.equal(inversion.norm, PIXELS);
  const first = structuredClone(inversion.stamp);
  inversion.step(images, still, 1);
  assert.deepEqual(inversion.best!.mask, first.mask);
  // The cost alone makes masks smaller.
  const second = structuredClone(inversion.stamp);
  inversion.step(images, still, 1);
  assert.deepEqual(inversion.best!.mask, second.mask);
  const norm = second.mask.reduce((sum, value) => sum + value, 0);
  assert.equal(inversion.norm, norm);
  inversion.step(images, still, 0);
  assert.equal(inversion.norm, norm);
});

Deno.test("mask and pattern begin anywhere within 0–1, by the seed", () => {
  const { mask, pattern } = new Inversion(1000, 3, createRandom(1, "start")).stamp;
  for (const values of [mask, pattern]) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(Math.abs(mean - 0.5) < 0.03, `${mean}`);
    assert.ok(values.every((value) => value >= 0 && value <= 1));
  }
  assert.notDeepEqual(start(1).stamp, start(2).stamp);
});
