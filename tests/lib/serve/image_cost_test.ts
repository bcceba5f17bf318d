import assert from "node:assert/strict";
import { encode } from "jpeg-js";
import { ImageDecodeError, ImageTypeError } from "../../../lib/image/mod.ts";
import { imageCost } from "../../../lib/serve/mod.ts";
import { find, insert, segment } from "../image/build_jpeg.ts";
import { buildPng } from "../image/build_png.ts";
import { giantPng, heavyJpeg, scanBomb } from "./hostile_images.ts";

function jpegOf(width: number, height: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(width * height * 4).fill(99);
  return new Uint8Array(encode({ width, height, data }, 90).data);
}

/** A JPEG's cost without that of its bytes. */
function pixelsOf(jpeg: Uint8Array): number {
  return imageCost(jpeg) - jpeg.length;
}

Deno.test("an image costs its pixels and its bytes", () => {
  const png = buildPng({ width: 5, height: 3 }, new Uint8Array(18));
  assert.equal(imageCost(png), 15 + png.length);
  assert.equal(pixelsOf(jpegOf(40, 30)), 1200);
  assert.equal(pixelsOf(giantPng()), 4_000_000);
});

Deno.test("each scan of a JPEG costs the pixels of the components in it", () => {
  assert.equal(pixelsOf(heavyJpeg()), 8 * 4_000_000);
  assert.equal(pixelsOf(scanBomb()), 32 * 4_000_000);
  const jpeg = jpegOf(40, 30);
  const start = find(jpeg, 0xda);
  const oneOfThree = segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0));
  const two = new Uint8Array([...jpeg.slice(0, -2), ...oneOfThree, 0, 0xff, 0xd9]);
  assert.equal(pixelsOf(two), 1600);
  // What is only said in a comment, or behind the end, is none.
  const inComment = insert(jpeg, segment(0xfe, oneOfThree));
  assert.equal(pixelsOf(inComment), 1200);
  assert.equal(pixelsOf(new Uint8Array([...jpeg, ...jpeg.slice(start)])), 1200);
});

Deno.test("type and size are refused by the header alone", () => {
  assert.throws(() => imageCost(new Uint8Array()), ImageTypeError);
  assert.throws(() => imageCost(new TextEncoder().encode("GIF89a and more")), ImageTypeError);
  const large = jpegOf(16, 16);
  // Height and width follow length and precision.
  large.set([0xff, 0xff, 0xff, 0xff], find(large, 0xc0) + 5);
  for (const bytes of [buildPng({ width: 2001, height: 2000 }, new Uint8Array(1)), large]) {
    assert.throws(() => imageCost(bytes), (error: unknown) => {
      assert.ok(error instanceof ImageDecodeError);
      assert.match(error.message, /its size must be from 1 to 4000000 pixels/);
      return true;
    });
  }
});

Deno.test("a broken header is left to the decoder: it costs no more than its bytes", () => {
  const png = buildPng({ width: 1000, height: 1000 }, new Uint8Array(1));
  const jpeg = jpegOf(100, 100);
  const frame = find(jpeg, 0xc0);
  for (const whole of [png, jpeg]) {
    for (let length = 4; length < 24; length++) {
      assert.equal(imageCost(whole.slice(0, length)), length);
    }
  }
  assert.equal(imageCost(jpeg.slice(0, frame)), frame);
  const noComponents = jpeg.with(frame + 9, 0);
  assert.ok(Number.isFinite(imageCost(noComponents)));
});
