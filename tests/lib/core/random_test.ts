import assert from "node:assert/strict";
import fc from "fast-check";
import { createRandom, streamSeed } from "../../../lib/core/random.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const purposes = fc.string({ maxLength: 30 });

/** Pearson's statistic against equal counts: mean k − 1 and variance 2(k − 1) for k bins. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** How often each of 0 … bins − 1 comes. */
function countValues(bins: number, values: Iterable<number>): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[value]!++;
  return counts;
}

function draws<T>(count: number, draw: () => T): T[] {
  return Array.from({ length: count }, draw);
}

Deno.test("the same seed and purpose give the same numbers", () =>
  fc.assert(fc.property(seeds, purposes, (seed, purpose) => {
    const streams = [createRandom(seed, purpose), createRandom(seed, purpose)];
    const [first, second] = streams.map((random) => [
      ...draws(5, random.uniform),
      ...draws(5, () => random.integer(1000)),
      ...random.shuffle([1, 2, 3, 4, 5, 6, 7]),
    ]);
    assert.deepEqual(first, second);
  })));

Deno.test("uniform numbers lie in [0, 1), and integers below their bound", () =>
  fc.assert(fc.property(seeds, fc.integer({ min: 1, max: 2 ** 31 }), (seed, below) => {
    const random = createRandom(seed, "ranges");
    for (const value of draws(20, random.uniform)) assert.ok(value >= 0 && value < 1);
    for (const value of draws(20, () => random.integer(below))) {
      assert.ok(Number.isInteger(value) && value >= 0 && value < below);
    }
  })));

Deno.test("uniform numbers fill ten bins evenly, each seed and purpose anew", () => {
  for (const [seed, purpose] of [[0, ""], [1, "shuffle epoch 1"], [4294967295, "a"]] as const) {
    const random = createRandom(seed, purpose);
    const bins = draws(20_000, () => Math.floor(random.uniform() * 10));
    // 27.9 is the 99.9th percentile of chi-square with 9 degrees of freedom.
    assert.ok(chiSquare(countValues(10, bins)) < 27.9);
  }
});

Deno.test("integers are even also where their bound is no power of two", () => {
  const random = createRandom(3, "integers");
  const counts = countValues(7, draws(21_000, () => random.integer(7)));
  // The 99.9th percentile with 6 degrees of freedom.
  assert.ok(chiSquare(counts) < 22.5, `got ${counts}`);
});

Deno.test("every order of a shuffle is as likely", () => {
  const random = createRandom(5, "orders");
  const orders = draws(6000, () => random.shuffle([0, 1, 2]).join(""));
  const counts = new Map<string, number>();
  for (const order of orders) counts.set(order, (counts.get(order) ?? 0) + 1);
  assert.equal(counts.size, 6);
  // The 99.9th percentile with 5 degrees of freedom.
  assert.ok(chiSquare([...counts.values()]) < 20.5, `got ${[...counts]}`);
});

Deno.test("a shuffle keeps what it shuffles, in arrays and typed arrays alike", () =>
  fc.assert(fc.property(seeds, fc.array(fc.nat(100)), (seed, items) => {
    const shuffled = createRandom(seed, "kept").shuffle([...items]);
    const typed = createRandom(seed, "kept").shuffle(Uint32Array.from(items));
    assert.deepEqual([...typed], shuffled);
    assert.deepEqual([...shuffled].sort(), [...items].sort());
  })));

Deno.test("streams of neighbouring seeds and of other purposes are not correlated", () => {
  const count = 5000;
  const reference = draws(count, createRandom(1, "shuffle").uniform);
  const others = [
    createRandom(2, "shuffle"),
    createRandom(1, "shift"),
    createRandom(1, "shuffle "),
    createRandom(0, "shuffle"),
  ];
  for (const other of others) {
    const values = draws(count, other.uniform);
    const correlation = 12 / count *
      values.reduce((sum, value, i) => sum + (value - 0.5) * (reference[i]! - 0.5), 0);
    // Its standard deviation is 1 / √5000 = .014.
    assert.ok(Math.abs(correlation) < 0.06, `got ${correlation}`);
  }
});

Deno.test("seeds and purposes do not collide where they are used", () => {
  const found = new Set<number>();
  for (let seed = 0; seed < 100; seed++) {
    for (let step = 0; step < 100; step++) found.add(streamSeed(seed, `step ${step}`));
  }
  // Among 10,000 of 2³² two are the same once in 86 times by chance; more would be no chance.
  assert.ok(found.size >= 9_999, `got ${found.size}`);
});

for (const seed of [-1, 0.5, NaN, 2 ** 32, Infinity]) {
  Deno.test(`a seed of ${seed} is refused`, () => {
    assert.throws(() => createRandom(seed, "any"), {
      name: "RangeError",
      message:
        `Cannot seed random numbers: seed must be an integer from 0 to 4294967295, got ${seed}`,
    });
  });
}
