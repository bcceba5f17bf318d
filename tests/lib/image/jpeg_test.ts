import assert from "node:assert/strict";
import { encode } from "jpeg-js";
import fc from "fast-check";
import { ImageDecodeError } from "../../../lib/image/errors.ts";
import { decodeJpeg } from "../../../lib/image/jpeg.ts";
import { createRandom } from "../../../lib/core/random.ts";
import { orient } from "../../../lib/image/orient.ts";
import { exif, exifSegment, find, insert, segment } from "./build_jpeg.ts";
import { concat } from "./build_png.ts";
import { GREY_JPEG as GREY, PROGRESSIVE_JPEG as PROGRESSIVE } from "./small_jpegs.ts";

const grey = (pixel: number) => 9 * Math.floor(pixel / 20) + 7 * (pixel % 20);

/** A baseline JPEG of a smooth image with red, green and blue of their own. */
function baseline(width: number, height: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encode({ width, height, data: smooth(width, height) }, 95).data);
}

function smooth(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 4 }, (_, i) => {
    const [x, y] = [(i >> 2) % width, Math.floor((i >> 2) / width)];
    return [255 * x / width, 255 * y / height, 127, 255][i & 3]!;
  });
}

function refuses(bytes: Uint8Array, message: RegExp): void {
  assert.throws(() => decodeJpeg(bytes), (error) => {
    assert.ok(error instanceof ImageDecodeError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not within ±${tolerance} of ${expected}`,
  );
}

Deno.test("a baseline JPEG comes out as RGB, near what was encoded", () => {
  const raster = decodeJpeg(baseline(40, 24));
  assert.deepEqual({ ...raster, data: raster.data.length }, {
    width: 40,
    height: 24,
    channels: 3,
    data: 40 * 24 * 3,
    maximum: 255,
  });
  const expected = smooth(40, 24);
  for (let pixel = 0; pixel < 40 * 24; pixel++) {
    for (let c = 0; c < 3; c++) {
      assertNear(raster.data[3 * pixel + c]!, expected[4 * pixel + c]!, 12);
    }
  }
});

Deno.test("an image stays as it is when others are decoded after it", () => {
  const files = [GREY, PROGRESSIVE, baseline(40, 24)];
  for (const luma of [false, true]) {
    const rasters = files.map((file) => decodeJpeg(file, { luma }));
    const copies = rasters.map(({ data }) => data.slice());
    for (const file of files) decodeJpeg(file, { luma });
    assert.deepEqual(rasters.map(({ data }) => data), copies);
  }
});

Deno.test("a grey JPEG comes out as one channel, also with restart markers", () => {
  const raster = decodeJpeg(GREY);
  assert.deepEqual([raster.width, raster.height, raster.channels], [20, 12, 1]);
  assert.equal(raster.data.length, 20 * 12);
  raster.data.forEach((value, pixel) => assertNear(value, grey(pixel), 6));
});

Deno.test("a progressive JPEG comes out near what was encoded", () => {
  const raster = decodeJpeg(PROGRESSIVE);
  assert.deepEqual([raster.width, raster.height, raster.channels], [20, 12, 3]);
  for (let pixel = 0; pixel < 20 * 12; pixel++) {
    const value = grey(pixel);
    assertNear(raster.data[3 * pixel]!, value, 12);
    assertNear(raster.data[3 * pixel + 1]!, 255 - value, 12);
    assertNear(raster.data[3 * pixel + 2]!, value / 2, 12);
  }
});

Deno.test("every truncation is refused", () => {
  for (const jpeg of [GREY, PROGRESSIVE, baseline(9, 9)]) {
    for (let length = 0; length < jpeg.length; length++) {
      refuses(jpeg.subarray(0, length), /^Cannot decode JPEG: /);
    }
  }
});

Deno.test("bytes after the end are ignored, and a view is read over its own range", () => {
  const larger = concat([Uint8Array.of(1, 2), GREY, Uint8Array.of(3, 4)]);
  assert.deepEqual(decodeJpeg(larger.subarray(2)), decodeJpeg(GREY));
});

Deno.test("altered bytes give an image of that size or a decode error, nothing else", () => {
  const jpegs = [GREY, PROGRESSIVE, baseline(9, 9)];
  const cases = fc.record({
    jpeg: fc.constantFrom(...jpegs),
    changes: fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { minLength: 1, maxLength: 4 }),
  });
  let refused = 0;
  fc.assert(
    fc.property(cases, ({ jpeg, changes }) => {
      const altered = Uint8Array.from(jpeg);
      for (const [offset, value] of changes) altered[offset % (jpeg.length - 3) + 3] = value;
      try {
        const raster = decodeJpeg(altered);
        assert.equal(raster.data.length, raster.width * raster.height * raster.channels);
      } catch (error) {
        assert.ok(error instanceof ImageDecodeError, String(error));
        refused++;
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(refused > 0);
});

Deno.test("a declared size larger than the data is refused", () => {
  const jpeg = baseline(8, 8);
  new DataView(jpeg.buffer, find(jpeg, 0xc0)).setUint16(5, 2000);
  refuses(jpeg, /its data must be whole/);
});

Deno.test("bytes that look like scans are none in a comment, in a thumbnail, behind the end", () => {
  const scans = concat(Array.from({ length: 99 }, () => Uint8Array.of(0xff, 0xda, 0, 8)));
  const expected = decodeJpeg(GREY);
  assert.deepEqual(decodeJpeg(concat([GREY, scans])), expected);
  for (const marker of [0xfe, 0xe1, 0xe2]) {
    assert.deepEqual(decodeJpeg(insert(GREY, segment(marker, scans))), expected);
  }
  // A motion photograph: the film behind the picture may hold anything.
  const { integer } = createRandom(1, "film");
  const film = Uint8Array.from({ length: 10_000 }, () => integer(2) === 0 ? 0xff : 0xda);
  assert.deepEqual(decodeJpeg(concat([GREY, film])), expected);
});

Deno.test("fill bytes before a marker are none of a segment, nor of a scan", () => {
  const fill = Uint8Array.of(0xff, 0xff);
  const filled = concat([insert(GREY, fill).subarray(0, -2), fill, GREY.subarray(-2)]);
  assert.deepEqual(decodeJpeg(filled), decodeJpeg(GREY));
});

for (const order of ["II", "MM"] as const) {
  Deno.test(`a JPEG is turned as its Exif data says in byte order ${order}`, () => {
    const stored = decodeJpeg(PROGRESSIVE);
    for (const value of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
      const turned = decodeJpeg(insert(PROGRESSIVE, exifSegment(exif(order, { value }))));
      assert.deepEqual(turned, orient(stored, value));
    }
  });
}

Deno.test("of several Exif segments the first one counts, and broken ones leave a JPEG as it is", () => {
  const stored = decodeJpeg(GREY);
  const exifs = [6, 3].map((value) => exifSegment(exif("MM", { value })));
  assert.deepEqual(decodeJpeg(insert(GREY, ...exifs)), orient(stored, 6));
  const data = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.record({ directory: fc.nat(60), entries: fc.nat(65535) }).map((fields) =>
      exif("II", { tag: 1, value: 6, ...fields })
    ),
  );
  fc.assert(fc.property(data, (tiff) => {
    const { width, height } = decodeJpeg(insert(GREY, exifSegment(tiff)));
    assert.equal(width * height, stored.width * stored.height);
  }));
});

Deno.test("an image of four megapixels is decoded", () => {
  const { width, height, data } = decodeJpeg(baseline(2000, 2000));
  assert.deepEqual([width, height, data.length], [2000, 2000, 12_000_000]);
});
