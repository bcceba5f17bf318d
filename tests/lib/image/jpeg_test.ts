import assert from "node:assert/strict";
import { encode } from "jpeg-js";
import fc from "fast-check";
import { ImageDecodeError } from "../../../lib/image/errors.ts";
import { decodeJpeg } from "../../../lib/image/jpeg.ts";
import { concat } from "./build_png.ts";

/** 20×12, grey value `9 · row + 7 · column`, with restart markers that end within a row (Pillow). */
const GREY = Uint8Array.fromBase64(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEB" +
    "YQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAMABQBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABwj/xAAgEAABAgYDAQAAAAAA" +
    "AAAAAAAjAAcDBAUGM1EVJUGh/90ABAAE/9oACAEBAAA/AI/b9rcYdeKlW/a3GHXifqK1vXww/EHN/b0kMWl//9B3b+3pIY" +
    "tJ+otvSXHwxL//2Q==",
);

/** The same in red, its negative in green, half of it in blue; progressive (Pillow). */
const PROGRESSIVE = Uint8Array.fromBase64(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEB" +
    "YQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU" +
    "FBQUFBQUFBQUFBQUFBQUFBT/wgARCAAMABQDAREAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABAX/xAAWAQEBAQAAAA" +
    "AAAAAAAAAAAAAFBwb/2gAMAwEAAhADEAAAAVy2ZTn6EFrbtHxs1+hBa2//xAAYEAADAQEAAAAAAAAAAAAAAAAAAQIDIf/a" +
    "AAgBAQABBQK9C9B6dui2N9//xAAcEQACAgIDAAAAAAAAAAAAAAAAAwIEBWESIjH/2gAIAQMBAT8Bo43RRxuhWN6+FFECii" +
    "ApEOJ//8QAGhEAAgMBAQAAAAAAAAAAAAAAAAIBAwQRIf/aAAgBAgEBPwGnOU5xc/hSkFKQKkcP/8QAFBABAAAAAAAAAAAA" +
    "AAAAAAAAIP/aAAgBAQAGPwJf/8QAFhABAQEAAAAAAAAAAAAAAAAAAAEQ/9oACAEBAAE/Id/WXXP/2gAMAwEAAgADAAAAEJ" +
    "A8f//EABcRAQEBAQAAAAAAAAAAAAAAAAAhMRH/2gAIAQMBAT8QwMCUhiGOfH//xAAXEQEBAQEAAAAAAAAAAAAAAAAhADER" +
    "/9oACAECAQE/EMyzI5HI5c8v/8QAFxABAQEBAAAAAAAAAAAAAAAAIQAxEf/aAAgBAQABPxDdt2UzWe3Wb//Z",
);

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

/** Where the frame header's marker stands. */
function frameOffset(jpeg: Uint8Array): number {
  return jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
}

function withFrame(jpeg: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const bytes = Uint8Array.from(jpeg);
  change(new DataView(bytes.buffer, frameOffset(jpeg)));
  return bytes;
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

Deno.test("a declared size over four megapixels is refused before anything is allocated", () => {
  const sized = (height: number, width: number) =>
    withFrame(baseline(8, 8), (view) => {
      view.setUint16(5, height);
      view.setUint16(7, width);
    });
  refuses(sized(65535, 65535), /from 1 to 4000000 pixels, got 65535×65535/);
  refuses(sized(2000, 2001), /from 1 to 4000000 pixels, got 2001×2000/);
  refuses(sized(0, 8), /from 1 to 4000000 pixels, got 8×0/);
  refuses(sized(8, 0), /from 1 to 4000000 pixels, got 0×8/);
});

Deno.test("a declared size larger than the data is refused", () => {
  refuses(withFrame(baseline(8, 8), (view) => view.setUint16(5, 2000)), /its data must be whole/);
});

Deno.test("other precisions, codings and numbers of components are refused", () => {
  const jpeg = baseline(8, 8);
  refuses(withFrame(jpeg, (view) => view.setUint8(4, 12)), /must have 8 bits, got 12/);
  refuses(withFrame(jpeg, (view) => view.setUint8(9, 2)), /1, 3 or 4 components, got 2/);
  for (const marker of [0xc3, 0xc5, 0xc9, 0xcf]) {
    refuses(withFrame(jpeg, (view) => view.setUint8(1, marker)), /baseline or progressive Huffman/);
  }
});

Deno.test("a scan before the frame header is refused", () => {
  refuses(withFrame(baseline(8, 8), (view) => view.setUint8(1, 0xda)), /before the first scan/);
});

Deno.test("more scans than an encoder writes are refused, for each costs a pass", () => {
  const scan = Uint8Array.of(0xff, 0xda);
  const scans = concat(Array.from({ length: 33 }, () => scan));
  refuses(concat([baseline(8, 8), scans]), /at most 32 scans, got 34/);
});

Deno.test("a second frame is refused", () => {
  const jpeg = baseline(8, 8);
  const start = frameOffset(jpeg);
  const frame = jpeg.slice(start, start + 19);
  refuses(concat([jpeg.subarray(0, start), frame, jpeg.subarray(start)]), /single frame/);
});

Deno.test("an image of four megapixels is decoded", () => {
  const { width, height, data } = decodeJpeg(baseline(2000, 2000));
  assert.deepEqual([width, height, data.length], [2000, 2000, 12_000_000]);
});
