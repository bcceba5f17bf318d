import assert from "node:assert/strict";
import fc from "fast-check";
import { countFound, rankByLoss } from "../../../../lib/defence/mod.ts";

Deno.test("rows are ranked by the probability of their own label, the lowest first", () => {
  // Row 1 is labelled as the model reads it, row 2 as what it excludes.
  const probabilities = Float32Array.of(0.5, 0.25, 0.25, 0.125, 0.75, 0.125, 1, 0, 0);
  const { order, losses } = rankByLoss(probabilities, Uint8Array.of(1, 1, 2));
  assert.deepEqual([...order], [2, 0, 1]);
  assert.equal(losses[0], Math.fround(Math.log(4)));
  assert.equal(losses[1], Math.fround(-Math.log(0.75)));
  assert.equal(losses[2], Math.fround(149 * Math.LN2), "a loss is a number");
});

Deno.test("of equally believable rows the earlier ranks first", () => {
  const { order } = rankByLoss(Float32Array.of(0.5, 0.2, 0.5, 0.2, 0.5), new Uint8Array(5));
  assert.deepEqual([...order], [1, 3, 0, 2, 4]);
});

Deno.test("the poisoned among the first are counted", () => {
  const probabilities = Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.7);
  const ranking = rankByLoss(probabilities, new Uint8Array(5));
  const poisoned = Uint8Array.of(0, 1, 1, 0, 0);
  assert.deepEqual(countFound(ranking, poisoned), {
    ...{ top: 2, found: 1, foundByChance: 0.8, share: 0.5 },
  });
  assert.deepEqual(countFound(ranking, poisoned, { top: 4 }), {
    ...{ top: 4, found: 2, foundByChance: 1.6, share: 1 },
  });
});

Deno.test("where nothing is poisoned nothing is found, and there is no share", () => {
  const ranking = rankByLoss(Float32Array.of(0.9, 0.1), new Uint8Array(2));
  assert.deepEqual(countFound(ranking, new Uint8Array(2)), {
    ...{ top: 0, found: 0, foundByChance: 0, share: null },
  });
});

Deno.test("what cannot be ranked is refused", () => {
  const labels = Uint8Array.of(0, 1);
  assert.throws(() => rankByLoss(Float32Array.of(1, 2, 3), labels), {
    name: "RangeError",
    message: /^Cannot rank rows: there must be labels, .* got 2 labels and 3 probabilities$/,
  });
  assert.throws(() => rankByLoss(new Float32Array(), new Uint8Array()), /there must be labels/);
  assert.throws(() => rankByLoss(Float32Array.of(1, 0, 1, NaN), labels), /row 1 .* or NaN$/);
  assert.throws(() => rankByLoss(Float32Array.of(1, 1), labels), /its label 1, got none among 1/);
  const ranking = rankByLoss(Float32Array.of(1, 1), new Uint8Array(2));
  for (const top of [-1, 0.5, 3]) {
    assert.throws(() => countFound(ranking, labels, { top }), /top must be an integer from 0 to 2/);
  }
});

const sets = fc.integer({ min: 1, max: 4 }).chain((classes) =>
  fc.array(
    fc.record({
      // Few values, so that ties are common.
      probabilities: fc.array(fc.nat(4), { minLength: classes, maxLength: classes }),
      label: fc.nat(classes - 1),
      poisoned: fc.nat(1),
    }),
    { minLength: 1, maxLength: 40 },
  )
);

Deno.test("a ranking is every row once by falling loss, and counts are those of a naive look", () =>
  fc.assert(fc.property(sets, fc.nat(), (rows, seed) => {
    const probabilities = Float32Array.from(
      rows.flatMap((row) => row.probabilities.map((p) => p / 4)),
    );
    const poisoned = Uint8Array.from(rows, (row) => row.poisoned);
    const ranking = rankByLoss(probabilities, Uint8Array.from(rows, (row) => row.label));
    const { order, losses } = ranking;
    assert.deepEqual([...order].sort((a, b) => a - b), [...rows.keys()]);
    for (let place = 1; place < order.length; place++) {
      const [before, after] = [order[place - 1]!, order[place]!];
      assert.ok(
        losses[before]! > losses[after]! || losses[before] === losses[after] && before < after,
      );
    }
    const top = seed % (rows.length + 1);
    const found = [...order].slice(0, top).filter((row) => poisoned[row] === 1).length;
    assert.equal(countFound(ranking, poisoned, { top }).found, found);
  })));
