import assert from "node:assert/strict";
import fc from "fast-check";
import { ImageDecodeError } from "../../../lib/image/errors.ts";
import { BitReader } from "../../../lib/image/jpeg_bits.ts";
import { createHuffmanTable, runOf } from "../../../lib/image/jpeg_huffman.ts";

/** Codes of all lengths to 16: 1, 01, 001 … in words of ones: 0, 10, 110, … */
const UNARY = Uint8Array.of(...new Uint8Array(16).fill(1), ...symbolsOf(16));

/** Runs from 0 on, each with another size. */
function symbolsOf(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i << 4 | i * 7 % 16);
}

/** The bytes of bits, filled up with ones, zeros stuffed. */
function pack(bits: string): Uint8Array {
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Uint8Array.from(
    bytes.map((byte) => parseInt(byte.padEnd(8, "1"), 2)).flatMap((byte) =>
      byte === 0xff ? [byte, 0] : [byte]
    ),
  );
}

Deno.test("codes of every length are read, and their values behind them", () => {
  const table = createHuffmanTable(UNARY, false);
  const code = fc.nat(15).chain((index) => {
    const size = UNARY[16 + index]! & 15;
    return fc.record({ index: fc.constant(index), rest: fc.nat(2 ** size - 1) });
  });
  fc.assert(fc.property(fc.array(code, { minLength: 1, maxLength: 30 }), (codes) => {
    const bits = codes.map(({ index, rest }) => {
      const size = UNARY[16 + index]! & 15;
      return "1".repeat(index) + "0" + (size === 0 ? "" : rest.toString(2).padStart(size, "0"));
    });
    const reader = new BitReader(pack(bits.join("")));
    for (const { index, rest } of codes) {
      const size = UNARY[16 + index]! & 15;
      const entry = reader.readEntry(table);
      assert.equal(runOf(entry), index);
      const value = size === 0 ? 0 : rest >= 2 ** (size - 1) ? rest : rest - 2 ** size + 1;
      assert.equal(reader.readValue(entry), value);
      reader.checkEnd();
    }
  }));
});

Deno.test("a code that is none of the table's is an error, be it short or long", () => {
  const table = createHuffmanTable(Uint8Array.of(0, 1, ...new Uint8Array(14), 3), false);
  for (const bits of ["01", "1"]) {
    assert.throws(() => new BitReader(pack(bits)).readEntry(table), ImageDecodeError);
  }
});

Deno.test("tables that are none are refused", () => {
  const tables: [codes: number[], isDc: boolean, message: RegExp][] = [
    [[3, ...Array(15).fill(0), 1, 2, 3], false, /told apart, got too many/],
    [[2, 1, ...Array(14).fill(0), 1, 2, 3], false, /told apart, got too many/],
    [[...Array(14).fill(0), 255, 255, ...Array(510).fill(1)], false, /what JPEG knows/],
    [[1, ...Array(15).fill(0), 16], true, /what JPEG knows/],
  ];
  for (const [codes, isDc, message] of tables) {
    assert.throws(() => createHuffmanTable(Uint8Array.from(codes), isDc), (error) => {
      assert.ok(error instanceof ImageDecodeError);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("intervals are read one by one; one that is missing, or another one, is an error", () => {
  const reader = new BitReader(
    Uint8Array.of(1, 0xff, 0, 0xff, 0xd0, 2, 0xff, 0xff, 0xd1, 0xff, 0xd3),
  );
  assert.deepEqual([reader.read(8), reader.read(8)], [1, 255]);
  reader.checkEnd();
  reader.read(1);
  assert.throws(() => reader.checkEnd(), /ends within a block/);
  reader.restart();
  assert.equal(reader.read(8), 2);
  reader.restart();
  assert.throws(() => reader.restart(), /do not follow one another/);
  assert.throws(
    () => new BitReader(Uint8Array.of(1, 2)).restart(),
    /before its last restart marker/,
  );
  assert.throws(() => new BitReader(Uint8Array.of(1, 0xff)).restart(), /before its last restart/);
});
