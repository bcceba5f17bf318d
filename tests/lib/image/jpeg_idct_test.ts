import assert from "node:assert/strict";
import fc from "fast-check";
import { readFrame } from "../../../lib/image/jpeg_frame.ts";
import { inverseTransform } from "../../../lib/image/jpeg_idct.ts";
import { createPlane } from "../../../lib/image/jpeg_plane.ts";
import { ZIGZAG } from "../../../lib/image/jpeg_tables.ts";

/** A grey frame of 3×2 blocks. */
const frame = readFrame(0xc0, Uint8Array.of(8, 0, 16, 0, 24, 1, 1, 0x11, 0));

/** The samples of the block in the second row, second column. */
function transform(coefficients: Int32Array, last: number): number[] {
  const plane = createPlane(frame.components[0]!, new Int32Array(64));
  const block = coefficients.slice();
  inverseTransform(block, last, plane, 4);
  assert.ok(block.every((value) => value === 0), "nothing is left for the next block");
  const others = plane.samples.filter((_, i) => i < 8 * 24 || i % 24 < 8 || i % 24 >= 16);
  assert.ok(others.every((sample) => sample === 0), "no other block is touched");
  return Array.from({ length: 64 }, (_, i) => plane.samples[(8 + (i >> 3)) * 24 + 8 + (i & 7)]!);
}

/** The definition (ISO/IEC 10918-1, A.3.3), with nothing rounded before the end. */
function reference(coefficients: Int32Array): number[] {
  const scale = (index: number) => index === 0 ? Math.SQRT1_2 : 1;
  const wave = (at: number, index: number) => Math.cos((2 * at + 1) * index * Math.PI / 16);
  return Array.from({ length: 64 }, (_, i) => {
    const sum = coefficients.reduce((sum, value, k) => {
      const [v, u] = [k >> 3, k & 7];
      return sum + scale(u) * scale(v) * value * wave(i & 7, u) * wave(i >> 3, v);
    }, 0);
    return Math.min(255, Math.max(0, sum / 4 + 128));
  });
}

const blocks = fc.record({
  last: fc.oneof(fc.constantFrom(0, 1, 9, 10, 63), fc.nat(63)),
  values: fc.array(fc.integer({ min: -180, max: 180 }), { minLength: 64, maxLength: 64 }),
});

Deno.test("a block's samples are within one of the cosine transform's, however few coefficients", () => {
  fc.assert(fc.property(blocks, ({ last, values }) => {
    const coefficients = new Int32Array(64);
    for (let i = 0; i <= last; i++) coefficients[ZIGZAG[i]!] = values[i]!;
    const expected = reference(coefficients);
    const actual = transform(coefficients, last);
    actual.forEach((sample, i) => assert.ok(Math.abs(sample - expected[i]!) <= 1.01));
    assert.deepEqual(actual, transform(coefficients, 63), "the short ways round as the long one");
  }));
});

Deno.test("coefficients that no encoder writes give samples all the same", () => {
  for (const value of [-(2 ** 31), 2 ** 31 - 1]) {
    const samples = transform(new Int32Array(64).fill(value), 63);
    assert.ok(samples.every((sample) => Number.isInteger(sample)));
  }
});
