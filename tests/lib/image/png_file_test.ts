import assert from "node:assert/strict";
import { ImageDecodeError, ImageTypeError } from "../../../lib/image/errors.ts";
import { readPngFile } from "../../../lib/image/png_file.ts";
import { buildPng, chunk, concat, header, type HeaderFields, SIGNATURE } from "./build_png.ts";

const ROW = Uint8Array.of(0, 7);

function refuses(bytes: Uint8Array, message: RegExp): void {
  assert.throws(() => readPngFile(bytes), (error) => {
    assert.ok(error instanceof ImageDecodeError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("the header and the parts that decide pixels are read, other chunks dropped", () => {
  const palette = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const fields = { width: 3, height: 2, depth: 2, colourType: 3, interlace: 1 };
  const file = readPngFile(buildPng(fields, ROW, [
    chunk("gAMA", new Uint8Array(4)),
    chunk("PLTE", palette),
    chunk("tRNS", Uint8Array.of(9)),
  ]));
  assert.deepEqual(file.header, {
    width: 3,
    height: 2,
    depth: 2,
    colour: "palette",
    interlaced: true,
  });
  assert.deepEqual([...file.palette], [...palette]);
  assert.deepEqual([...file.transparency], [9]);
});

Deno.test("several IDAT chunks are one stream", () => {
  const parts = [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)];
  const chunks = parts.map((part) => chunk("IDAT", part));
  const file = readPngFile(concat([SIGNATURE, header({}), ...chunks, chunk("IEND")]));
  assert.deepEqual([...file.compressed], [1, 2, 3]);
});

Deno.test("a view into a larger buffer is read over its own range", () => {
  const png = buildPng({}, ROW);
  const larger = concat([Uint8Array.of(1, 2, 3), png, Uint8Array.of(4)]);
  const view = larger.subarray(3, 3 + png.length);
  assert.deepEqual(readPngFile(view).compressed, readPngFile(png).compressed);
});

Deno.test("bytes after IEND are ignored", () => {
  const png = buildPng({}, ROW);
  assert.deepEqual(readPngFile(concat([png, Uint8Array.of(1, 2, 3)])), readPngFile(png));
});

Deno.test("a signature whose line ends were converted is refused", () => {
  const png = buildPng({}, ROW);
  refuses(concat([png.subarray(0, 4), png.subarray(5)]), /signature must be whole/);
});

Deno.test("every truncation is refused", () => {
  const png = buildPng({}, ROW);
  for (let length = 0; length < png.length; length++) {
    refuses(png.subarray(0, length), /^Cannot decode PNG: .* must .*, got /);
  }
});

Deno.test("every flipped bit is refused", () => {
  const png = buildPng({}, ROW);
  for (let bit = 0; bit < png.length * 8; bit++) {
    const flipped = png.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    refuses(flipped, /^Cannot decode PNG: /);
  }
});

Deno.test("a chunk that claims to be longer than the file is refused", () => {
  const png = buildPng({}, ROW);
  new DataView(png.buffer).setUint32(SIGNATURE.length, 0xffffffff);
  refuses(png, /chunk IHDR must lie within the file, got \d+ bytes beyond/);
});

Deno.test("IHDR comes first and once", () => {
  refuses(concat([SIGNATURE, chunk("IEND")]), /first chunk must be IHDR, got IEND/);
  refuses(
    concat([SIGNATURE, header({}), header({ width: 9999, height: 9999 }), chunk("IEND")]),
    /stand once, got IHDR/,
  );
});

Deno.test("an unknown critical chunk is refused, an unknown ancillary one not", () => {
  refuses(buildPng({}, ROW, [chunk("CgBI")]), /must be known and stand once, got CgBI/);
  assert.equal(readPngFile(buildPng({}, ROW, [chunk("crAp")])).header.width, 1);
});

Deno.test("colour profiles and texts are never inflated", () => {
  const junk = new TextEncoder().encode("name\0\0not a zlib stream");
  const chunks = [chunk("iCCP", junk), chunk("zTXt", junk), chunk("tEXt", junk)];
  assert.equal(readPngFile(buildPng({}, ROW, chunks)).header.width, 1);
});

Deno.test("an animation is of another type", () => {
  assert.throws(() => readPngFile(buildPng({}, ROW, [chunk("acTL", new Uint8Array(8))])), {
    name: ImageTypeError.name,
    message: /got an animation/,
  });
});

const BAD_HEADERS: [fields: HeaderFields, message: RegExp][] = [
  [{ width: 0 }, /from 1 to 4000000 pixels, got 0×1/],
  [{ height: 0 }, /from 1 to 4000000 pixels, got 1×0/],
  [{ width: 2001, height: 2000 }, /from 1 to 4000000 pixels, got 2001×2000/],
  [{ width: 0xffffffff, height: 0xffffffff }, /got 4294967295×4294967295/],
  [{ width: 0x10000, height: 0x10000 }, /got 65536×65536/],
  [{ depth: 3 }, /pair that PNG knows, got 0 and 3/],
  [{ depth: 4, colourType: 2 }, /pair that PNG knows, got 2 and 4/],
  [{ depth: 16, colourType: 3 }, /pair that PNG knows, got 3 and 16/],
  [{ colourType: 1 }, /pair that PNG knows, got 1 and 8/],
  [{ compression: 1 }, /got 1, 0 and 0/],
  [{ filter: 64 }, /got 0, 64 and 0/],
  [{ interlace: 2 }, /got 0, 0 and 2/],
];

for (const [fields, message] of BAD_HEADERS) {
  Deno.test(`a header is refused that says ${JSON.stringify(fields)}`, () => {
    refuses(buildPng(fields, ROW), message);
  });
}

Deno.test("four megapixels are the border, whatever the shape", () => {
  for (const [width, height] of [[2000, 2000], [1, 4_000_000]] as const) {
    assert.equal(readPngFile(buildPng({ width, height }, ROW)).header.height, height);
    refuses(buildPng({ width, height: height + 1 }, ROW), /make it smaller first/);
  }
});

Deno.test("a header of another length is refused", () => {
  refuses(
    concat([SIGNATURE, chunk("IHDR", new Uint8Array(12)), chunk("IEND")]),
    /13 bytes, got 12/,
  );
});

Deno.test("palettes and transparency that do not fit the colour type are refused", () => {
  const plte = (length: number) => chunk("PLTE", new Uint8Array(length));
  const trns = (length: number) => chunk("tRNS", new Uint8Array(length));
  const palette = { colourType: 3 };
  refuses(buildPng(palette, ROW), /PLTE must have 3 bytes for each .* got 0/);
  refuses(buildPng(palette, ROW, [plte(4)]), /PLTE must have .* got 4/);
  refuses(buildPng(palette, ROW, [plte(771)]), /PLTE must have .* got 771/);
  refuses(buildPng(palette, ROW, [plte(6), trns(3)]), /tRNS must fit .*palette.* got 3/);
  refuses(buildPng({}, ROW, [trns(1)]), /tRNS must fit .*grey.* got 1/);
  refuses(buildPng({ colourType: 2 }, ROW, [trns(2)]), /tRNS must fit .*rgb.* got 2/);
  refuses(buildPng({ colourType: 6 }, ROW, [trns(6)]), /tRNS must fit .*rgb-alpha.* got 6/);
});

Deno.test("more chunks than any encoder writes are refused", () => {
  const many = (count: number) => buildPng({}, ROW, Array(count).fill(chunk("tEXt")));
  assert.equal(readPngFile(many(9_997)).header.width, 1);
  refuses(many(9_998), /at most 10000 chunks, got more/);
});
