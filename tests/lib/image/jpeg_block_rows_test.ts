import assert from "node:assert/strict";
import fc from "fast-check";
import { withImageMemory } from "../../../lib/image/image_memory.ts";
import { BlockRows } from "../../../lib/image/jpeg_block_rows.ts";
import { readFrame } from "../../../lib/image/jpeg_frame.ts";
import { createPlane } from "../../../lib/image/jpeg_plane.ts";
import { ZIGZAG } from "../../../lib/image/jpeg_tables.ts";

/** A grey frame of 3×2 blocks. */
const frame = readFrame(0xc0, Uint8Array.of(8, 0, 16, 0, 24, 1, 1, 0x11, 0));

/** A block as a file has it: coefficients row by row, the last one in zigzag order, and its table. */
interface Block {
  readonly coefficients: Int16Array;
  readonly last: number;
  readonly table: Int32Array;
}

/** The samples of the block in the second row, second column, made twice. */
function transform({ coefficients, last, table }: Block): number[] {
  const plane = createPlane(frame.components[0]!, table);
  withImageMemory((memory) => {
    const blocks = new BlockRows(memory, plane, { rows: 1, columns: 2 });
    const values = memory.shorts(blocks.values, 128);
    for (let turn = 0; turn < 2; turn++) {
      values.set(coefficients, 64);
      memory.bytes(blocks.lasts, 2).set([0, last]);
      blocks.transform(1);
      assert.ok(values.every((value) => value === 0), "nothing is left for the next block");
    }
  });
  assert.ok(plane.samples.subarray(0, 8 * 24).every((sample) => sample === 0), "the first row");
  const samples = Array.from({ length: 8 }, (_, y) => [...plane.samples.subarray((8 + y) * 24)]);
  assert.ok(samples.every((row) => row.slice(0, 8).every((sample) => sample === 128)));
  return samples.flatMap((row) => row.slice(8, 16));
}

/** The definition (ISO/IEC 10918-1, A.3.3), with nothing rounded before the end. */
function reference({ coefficients, table }: Block): number[] {
  const scale = (index: number) => index === 0 ? Math.SQRT1_2 : 1;
  const wave = (at: number, index: number) => Math.cos((2 * at + 1) * index * Math.PI / 16);
  return Array.from({ length: 64 }, (_, i) => {
    const sum = coefficients.reduce((sum, value, k) => {
      const [v, u] = [k >> 3, k & 7];
      return sum +
        scale(u) * scale(v) * value * table[k]! * wave(i & 7, u) * wave(i >> 3, v);
    }, 0);
    return Math.min(255, Math.max(0, sum / 4 + 128));
  });
}

/** Blocks of some coefficients, the others zero. */
function blocks(values: fc.Arbitrary<number>, factors: fc.Arbitrary<number>): fc.Arbitrary<Block> {
  return fc.record({
    last: fc.oneof(fc.constantFrom(0, 1, 9, 10, 63), fc.nat(63)),
    values: fc.array(values, { minLength: 64, maxLength: 64 }),
    table: fc.array(factors, { minLength: 64, maxLength: 64 }),
  }).map(({ last, values, table }) => {
    const coefficients = new Int16Array(64);
    for (let i = 0; i <= last; i++) coefficients[ZIGZAG[i]!] = values[i]!;
    return { coefficients, last, table: Int32Array.from(table) };
  });
}

Deno.test("a block's samples are within one of the cosine transform's, however few coefficients", () => {
  const values = fc.integer({ min: -60, max: 60 });
  fc.assert(fc.property(blocks(values, fc.integer({ min: 1, max: 3 })), (block) => {
    const expected = reference(block);
    const actual = transform(block);
    actual.forEach((sample, i) => assert.ok(Math.abs(sample - expected[i]!) <= 1.01));
    assert.deepEqual(actual, transform({ ...block, last: 63 }), "the short ways as the long one");
  }));
});

Deno.test("coefficients that no encoder writes give samples all the same", () => {
  const values = fc.oneof(fc.constantFrom(-32768, 32767), fc.integer({ min: -32768, max: 32767 }));
  const factors = fc.oneof(fc.constantFrom(0, 255, 65535), fc.nat(65535));
  fc.assert(fc.property(blocks(values, factors), (block) => {
    assert.deepEqual(transform(block), transform(block));
  }));
});
