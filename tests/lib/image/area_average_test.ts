import assert from "node:assert/strict";
import fc from "fast-check";
import { averageAxis } from "../../../lib/image/area_average.ts";

const cases = fc
  .record({
    outer: fc.integer({ min: 1, max: 3 }),
    length: fc.integer({ min: 1, max: 40 }),
    inner: fc.integer({ min: 1, max: 3 }),
    newLength: fc.integer({ min: 1, max: 40 }),
  })
  .chain(({ newLength, ...axis }) => {
    const size = axis.outer * axis.length * axis.inner;
    return fc.record({
      axis: fc.constant(axis),
      newLength: fc.constant(newLength),
      data: fc.float32Array({ minLength: size, maxLength: size, min: 0, max: 1, noNaN: true }),
    });
  });

function mean(data: Float32Array): number {
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}

Deno.test("an element counts by the share of it that lies within", () => {
  const axis = { outer: 1, length: 5, inner: 1 };
  const result = averageAxis(Float32Array.of(1, 2, 4, 8, 16), axis, 2);
  assert.deepEqual(result, Float32Array.of((1 + 2 + 4 / 2) / 2.5, (4 / 2 + 8 + 16) / 2.5));
});

Deno.test("the mean is kept", () => {
  fc.assert(fc.property(cases, ({ axis, newLength, data }) => {
    assert.ok(Math.abs(mean(averageAxis(data, axis, newLength)) - mean(data)) < 1e-6);
  }));
});

Deno.test("an equal length changes nothing, bit for bit", () => {
  fc.assert(fc.property(cases, ({ axis, data }) => {
    assert.deepEqual(averageAxis(data, axis, axis.length), data);
  }));
});

Deno.test("values stay within the range of those they are made of", () => {
  fc.assert(fc.property(cases, ({ axis, newLength, data }) => {
    const result = averageAxis(data, axis, newLength);
    assert.ok(Math.min(...result) >= Math.min(...data));
    assert.ok(Math.max(...result) <= Math.max(...data));
  }));
});

Deno.test("a multiple of the length repeats elements", () => {
  fc.assert(fc.property(cases, ({ axis: { outer, length, inner }, data }) => {
    const doubled = averageAxis(data, { outer, length, inner }, 2 * length);
    const back = averageAxis(doubled, { outer, length: 2 * length, inner }, length);
    assert.deepEqual(back, data);
  }));
});

Deno.test("only the axis asked for is averaged", () => {
  const data = Float32Array.of(0, 10, 2, 12, 100, 110, 102, 112);
  const result = averageAxis(data, { outer: 2, length: 2, inner: 2 }, 1);
  assert.deepEqual(result, Float32Array.of(1, 11, 101, 111));
});
