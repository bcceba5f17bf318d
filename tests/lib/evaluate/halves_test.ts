import assert from "node:assert/strict";
import fc from "fast-check";
import { drawRows, splitHalves } from "../../../lib/evaluate/mod.ts";

const sets = fc.record({
  labels: fc.array(fc.nat(4), { minLength: 10, maxLength: 80 }).map((all) => Uint8Array.from(all)),
  seed: fc.nat(),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

Deno.test("each test image is in one half, and the halves are always the same", () =>
  fc.assert(fc.property(fc.nat(200), (count) => {
    const { defender, figures } = splitHalves(count);
    assert.equal(defender.length, Math.floor(count / 2));
    assert.deepEqual([...defender, ...figures].sort((a, b) => a - b), [...Array(count).keys()]);
    assert.deepEqual(defender.toSorted(), defender);
    assert.deepEqual(splitHalves(count), { defender, figures });
  })));

Deno.test("images are drawn from the rows that are given, none twice, by the seed", () =>
  fc.assert(fc.property(sets, ({ labels, seed, share }) => {
    const { defender } = splitHalves(labels.length);
    const count = Math.floor(share * defender.length);
    const drawn = drawRows(labels, defender, { count, seed });
    assert.equal(new Set(drawn).size, count);
    assert.ok(drawn.every((row) => defender.includes(row)));
    assert.deepEqual(drawn.toSorted(), drawn);
    assert.deepEqual(drawRows(labels, defender, { count, seed }), drawn);
  })));

Deno.test("where they are to be balanced, no class has two more than another", () =>
  fc.assert(fc.property(sets, ({ labels, seed, share }) => {
    const rows = Uint32Array.from(labels.keys());
    const classes = [...new Set(labels)];
    const least = Math.min(
      ...classes.map((label) => labels.filter((other) => other === label).length),
    );
    const count = Math.floor(share * least * classes.length);
    const drawn = drawRows(labels, rows, { count, seed, isBalanced: true });
    const counts = classes.map((label) => drawn.filter((row) => labels[row] === label).length);
    assert.equal(drawn.length, count);
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
  })));

Deno.test("another seed draws other images", () => {
  const labels = new Uint8Array(100);
  const rows = Uint32Array.from(labels.keys());
  const [one, two] = [1, 2].map((seed) => drawRows(labels, rows, { count: 50, seed }));
  assert.notDeepEqual(one, two);
});

Deno.test("more images than there are cannot be drawn", () => {
  const rows = Uint32Array.of(0, 1, 2);
  const labels = Uint8Array.of(0, 0, 1);
  assert.throws(() => drawRows(labels, rows, { count: 4, seed: 1 }), {
    name: "RangeError",
    message:
      "Cannot draw clean images: there must be at least 4 in the defender's half of the test " +
      "set, got 3; ask for fewer",
  });
  assert.throws(
    () => drawRows(labels, rows, { count: 4, seed: 1, isBalanced: true }),
    /there must be at least 2 of class 1 in the defender's half of the test set, got 1;/,
  );
  assert.throws(() => drawRows(labels, Uint32Array.of(), { count: 1, seed: 1 }), /got 0/);
});
