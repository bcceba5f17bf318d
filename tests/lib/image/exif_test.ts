import assert from "node:assert/strict";
import fc from "fast-check";
import { readOrientation } from "../../../lib/image/exif.ts";
import { exif, type ExifFields } from "./build_jpeg.ts";
import { concat } from "./build_png.ts";

for (const order of ["II", "MM"] as const) {
  Deno.test(`all eight orientations are read in byte order ${order}`, () => {
    for (let value = 1; value <= 8; value++) {
      assert.equal(readOrientation(exif(order, { value })), value);
    }
  });
}

Deno.test("the orientation is found behind other entries", () => {
  const other = exif("MM", { tag: 0x10f, entries: 2 });
  const entry = exif("MM", { value: 6 }).subarray(10, 22);
  assert.equal(readOrientation(concat([other.subarray(0, 22), entry])), 6);
});

const broken: readonly ExifFields[] = [
  { value: 0 },
  { value: 9 },
  { type: 4 },
  { count: 2 },
  { count: 0 },
  { tag: 0x113 },
  { tag: 0x113, entries: 65535 },
  { entries: 0 },
  { magic: 43 },
  { directory: 25 },
  { directory: 0xffffffff },
];
for (const fields of broken) {
  Deno.test(`Exif data with ${JSON.stringify(fields)} says nothing`, () => {
    assert.equal(readOrientation(exif("MM", { value: 6, ...fields })), 1);
  });
}

Deno.test("Exif data that is cut, of no byte order, or random says nothing or an orientation", () => {
  const whole = exif("MM", { value: 6 });
  for (let length = 0; length < 22; length++) {
    assert.equal(readOrientation(whole.subarray(0, length)), 1, `${length} bytes`);
  }
  assert.equal(readOrientation(concat([Uint8Array.of(0x4d, 0x49), whole.subarray(2)])), 1);
  const starts = fc.constantFrom(new Uint8Array(), whole.subarray(0, 8), exif("II").subarray(0, 4));
  fc.assert(fc.property(starts, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
    const orientation = readOrientation(concat([start, rest]));
    assert.ok(Number.isInteger(orientation) && orientation >= 1 && orientation <= 8);
  }));
});
