import assert from "node:assert/strict";
import fc from "fast-check";
import { encode } from "jpeg-js";
import { ImageDecodeError } from "../../../lib/image/errors.ts";
import { readJpegFile } from "../../../lib/image/jpeg_file.ts";
import { exif, exifSegment, find, insert, segment, without } from "./build_jpeg.ts";
import { concat } from "./build_png.ts";

/** A baseline JPEG of 8×8 pixels in three components, which stand in one scan. */
const JPEG = new Uint8Array(encode({ width: 8, height: 8, data: new Uint8Array(256) }, 95).data);

function withFrame(change: (view: DataView) => void): Uint8Array {
  const bytes = Uint8Array.from(JPEG);
  change(new DataView(bytes.buffer, find(JPEG, 0xc0)));
  return bytes;
}

function refuses(bytes: Uint8Array, message: RegExp): void {
  assert.throws(() => readJpegFile(bytes), (error) => {
    assert.ok(error instanceof ImageDecodeError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("what decides the pixels is kept, and nothing else", () => {
  const noise = [
    exifSegment(exif("MM", { value: 6 })),
    segment(0xfe, new TextEncoder().encode("a comment")),
    segment(0xed, new Uint8Array(40)),
  ];
  const file = readJpegFile(concat([insert(JPEG, ...noise), Uint8Array.of(1, 2, 3)]));
  assert.deepEqual(file, { ...readJpegFile(JPEG), orientation: 6 });
  assert.deepEqual([file.frame.width, file.frame.height, file.colour], [8, 8, "YCbCr"]);
  assert.equal(file.scans.length, 1);
});

Deno.test("a declared size over four megapixels is refused before anything is allocated", () => {
  const sized = (height: number, width: number) =>
    withFrame((view) => {
      view.setUint16(5, height);
      view.setUint16(7, width);
    });
  refuses(sized(65535, 65535), /from 1 to 4000000 pixels, got 65535×65535/);
  refuses(sized(2000, 2001), /from 1 to 4000000 pixels, got 2001×2000/);
  refuses(sized(0, 8), /from 1 to 4000000 pixels, got 8×0/);
  refuses(sized(8, 0), /from 1 to 4000000 pixels, got 0×8/);
});

Deno.test("other precisions, codings and numbers of components are refused", () => {
  refuses(withFrame((view) => view.setUint8(4, 12)), /must have 8 bits, got 12/);
  refuses(withFrame((view) => view.setUint8(9, 2)), /1, 3 or 4 components, got 2/);
  for (const marker of [0xc3, 0xc5, 0xc9, 0xcf]) {
    refuses(withFrame((view) => view.setUint8(1, marker)), /baseline or progressive Huffman/);
  }
});

Deno.test("a scan before the frame header is refused", () => {
  refuses(withFrame((view) => view.setUint8(1, 0xda)), /before the first scan/);
});

Deno.test("more scans than an encoder writes are refused, for each costs a pass", () => {
  const start = find(JPEG, 0xda);
  const scans = Array.from({ length: 32 }, () => JPEG.subarray(start, -2));
  refuses(concat([JPEG.subarray(0, -2), ...scans, JPEG.subarray(-2)]), /at most 32 scans, got 33/);
});

Deno.test("a second frame is refused", () => {
  const start = find(JPEG, 0xc0);
  const frame = JPEG.slice(start, start + 19);
  refuses(concat([JPEG.subarray(0, start), frame, JPEG.subarray(start)]), /single frame/);
});

/** The JPEG with the header of its first scan altered; `at` counts from the number of components. */
function withScan(changes: Readonly<Record<number, number>>): Uint8Array {
  const bytes = Uint8Array.from(JPEG);
  for (const [at, value] of Object.entries(changes)) {
    bytes[find(JPEG, 0xda) + 4 + Number(at)] = value;
  }
  return bytes;
}

Deno.test("a scan whose header is false is refused, for the decoder would obey it", () => {
  for (const count of [0, 5, 255]) {
    refuses(withScan({ 0: count }), new RegExp(`1 to 4 components .* got ${count} in 10`));
  }
  refuses(withScan({ 0: 2 }), /2 bytes for each, got 2 in 10 bytes/);
  refuses(withScan({ 3: 1 }), /ones of the frame, each once, got 1,1,3/);
  refuses(withScan({ 1: 9 }), /ones of the frame, each once, got 9,2,3/);
  refuses(withScan({ 8: 64 }), /within 0 to 63, got 0 to 64/);
  refuses(withScan({ 7: 1, 8: 0 }), /within 0 to 63, got 1 to 0/);
});

Deno.test("tables that are shorter or longer than their segment are refused", () => {
  for (const marker of [0xdb, 0xc4]) {
    const count = find(JPEG, marker) + 5;
    const altered = Uint8Array.from(JPEG);
    // The kind of the first table of quantization, and how many codes of one bit there are.
    if (marker === 0xdb) altered[count - 1] = 0x10;
    else altered[count] = 9;
    refuses(altered, /tables must fill their segment/);
  }
  refuses(insert(JPEG, segment(0xdd, Uint8Array.of(1))), /restart interval must have 2 bytes/);
});

Deno.test("a segment that reaches beyond the file, or is shorter than its length, is refused", () => {
  refuses(insert(JPEG, Uint8Array.of(0xff, 0xe5, 0xff, 0xff)), /must lie within the file/);
  refuses(insert(JPEG, Uint8Array.of(0xff, 0xe5, 0, 1)), /must lie within the file/);
  refuses(insert(JPEG, Uint8Array.of(0xff, 0xd8)), /must be of a JPEG's segments, got ffd8/);
  refuses(concat([JPEG.subarray(0, 2), Uint8Array.of(0xff, 0xd9)]), /a frame header and a scan/);
});

Deno.test("sampling that does not divide, or does not fit a unit, is refused", () => {
  const sampled = (...factors: number[]) =>
    withFrame((view) => factors.forEach((factor, i) => view.setUint8(11 + 3 * i, factor)));
  refuses(sampled(0x11, 0x51, 0x11), /from 1 to 4, got 5×1/);
  refuses(sampled(0x11, 0x10, 0x11), /from 1 to 4, got 1×0/);
  refuses(sampled(0x31, 0x21, 0x11), /divide the largest of them, got 2×1 of 3×1/);
  refuses(sampled(0x24, 0x11, 0x21), /at most 10 blocks, got 11/);
});

Deno.test("a scan whose tables have not come is refused", () => {
  refuses(without(JPEG, 0xdb), /quantization tables of a scan must come before it/);
  refuses(without(JPEG, 0xc4), /Huffman tables of a scan must come before it/);
  refuses(
    insert(JPEG, segment(0xdb, Uint8Array.of(4, ...new Uint8Array(64)))),
    /from 0 to 3, got 4/,
  );
});

Deno.test("bytes of fill before a restart marker do not end a scan", () => {
  const end = JPEG.length - 2;
  const codes = Uint8Array.of(0xff, 0xff, 0xd0, 1, 2, 0xff, 0);
  const [scan] = readJpegFile(concat([JPEG.subarray(0, end), codes, JPEG.subarray(end)])).scans;
  assert.deepEqual(scan?.codes.subarray(-7), codes);
});

Deno.test("a scan ends at the first marker that is none of its own, wherever it lies", () => {
  const start = find(JPEG, 0xda);
  const head = JPEG.subarray(0, start + 2 + (JPEG[start + 2]! << 8 | JPEG[start + 3]!));
  // Bytes that words of four may take for one another, stuffed bytes, restarts, fill.
  const part = fc.oneof(
    fc.nat(0xfe).map((byte) => [byte]),
    fc.constantFrom([0xfe], [0x7f], [0x80], [0], [0xff, 0], [0xff, 0xd3], [0xff, 0xff, 0]),
  );
  fc.assert(fc.property(fc.array(part, { maxLength: 40 }), fc.nat(3), (parts, offset) => {
    const codes = Uint8Array.from(parts.flat());
    const file = concat([head, codes, Uint8Array.of(0xff, 0xd9)]);
    const bytes = concat([new Uint8Array(offset), file]).subarray(offset);
    assert.deepEqual(readJpegFile(bytes).scans[0]?.codes, codes);
  }));
});

Deno.test("more segments than any encoder writes are refused", () => {
  const empty = segment(0xe5, new Uint8Array());
  const many = (count: number) => insert(JPEG, ...Array<Uint8Array>(count).fill(empty));
  assert.equal(readJpegFile(many(9_000)).scans.length, 1);
  refuses(many(10_000), /at most 10000 segments, got more/);
});
