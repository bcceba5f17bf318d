import assert from "node:assert/strict";
import fc from "fast-check";
import { encode as encodeJpeg } from "jpeg-js";
import { decodeImage } from "../../../lib/image/decode.ts";
import { encodePng } from "../../../lib/image/encode.ts";
import { ImageDecodeError, ImageTypeError } from "../../../lib/image/errors.ts";
import { ACCEPTED_TYPES } from "../../../lib/image/limits.ts";
import { chunk, concat, header, SIGNATURE } from "./build_png.ts";

const PNG = encodePng({ data: Float32Array.of(0, 0.5, 1, 0.25), shape: [2, 2, 1] });

function isImageError(error: unknown): boolean {
  return error instanceof ImageDecodeError || error instanceof ImageTypeError;
}

Deno.test("PNG and JPEG are told apart by their bytes", () => {
  const jpeg = encodeJpeg({ width: 3, height: 2, data: new Uint8Array(24).fill(255) }).data;
  assert.deepEqual(decodeImage(PNG).channels, 1);
  assert.deepEqual(decodeImage(new Uint8Array(jpeg)).width, 3);
});

const OTHERS: [name: string, bytes: Uint8Array][] = [
  ["nothing", new Uint8Array()],
  ["the start of a signature", SIGNATURE.subarray(0, 3)],
  ["GIF", new TextEncoder().encode("GIF89a")],
  ["WebP", new TextEncoder().encode("RIFF\x10\0\0\0WEBPVP8 ")],
  ["SVG", new TextEncoder().encode("<svg/>")],
  ["BMP", new TextEncoder().encode("BM")],
  ["PNG without its first byte", PNG.subarray(1)],
  ["an animated PNG", concat([SIGNATURE, header({}), chunk("acTL", new Uint8Array(8))])],
];

for (const [name, bytes] of OTHERS) {
  Deno.test(`${name} is not an accepted type`, () => {
    assert.throws(() => decodeImage(bytes), ImageTypeError);
  });
}

Deno.test("the message names the accepted types and what came instead", () => {
  assert.throws(() => decodeImage(new TextEncoder().encode("GIF89a")), (error) => {
    assert.ok(error instanceof ImageTypeError);
    for (const type of ACCEPTED_TYPES) assert.ok(error.message.includes(type));
    assert.match(error.message, /got bytes that begin with 47494638/);
    return true;
  });
});

Deno.test("random bytes, alone or behind a signature, give one of the two errors", () => {
  const starts = [
    new Uint8Array(),
    SIGNATURE,
    concat([SIGNATURE, header({ width: 5, height: 5 })]),
    Uint8Array.of(0xff, 0xd8, 0xff),
    Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0, 0xff),
  ];
  const cases = fc.tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }));
  fc.assert(
    fc.property(cases, ([start, rest]) => {
      assert.throws(() => decodeImage(concat([start, rest])), isImageError);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("random image data in a valid container gives an image of that size or an error", () => {
  const cases = fc.record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    depth: fc.constantFrom(1, 2, 4, 8, 16),
    colourType: fc.constantFrom(0, 2, 3, 4, 6),
    interlace: fc.constantFrom(0, 1),
    chunks: fc.array(
      fc.tuple(
        fc.constantFrom("PLTE", "tRNS", "IDAT", "eXIf", "iCCP"),
        fc.uint8Array({ maxLength: 30 }),
      ),
    ),
  });
  fc.assert(
    fc.property(cases, ({ chunks, ...fields }) => {
      const body = chunks.map(([type, data]) => chunk(type, data));
      const png = concat([SIGNATURE, header(fields), ...body, chunk("IEND")]);
      try {
        assert.equal(decodeImage(png).height, fields.height);
      } catch (error) {
        assert.ok(isImageError(error), String(error));
      }
    }),
    { numRuns: 1000 },
  );
});
