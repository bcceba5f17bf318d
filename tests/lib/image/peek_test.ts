import assert from "node:assert/strict";
import { encode } from "jpeg-js";
import { decodeImage } from "../../../lib/image/decode.ts";
import { MAX_PIXELS } from "../../../lib/image/limits.ts";
import { peekImage } from "../../../lib/image/peek.ts";
import { giantPng, heavyJpeg } from "../serve/hostile_images.ts";
import { exif, exifSegment, insert, segment } from "./build_jpeg.ts";
import { buildPng, concat, SIGNATURE } from "./build_png.ts";

function jpeg(width: number, height: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    encode({ width, height, data: new Uint8Array(width * height * 4) }, 50).data,
  );
}

const png = buildPng({ width: 3, height: 2 }, new Uint8Array(8));

Deno.test("type and stored size are told without decoding", () => {
  const turned = insert(jpeg(20, 9), exifSegment(exif("MM", { value: 6 })));
  assert.deepEqual({ ...peekImage(turned), cost: 0 }, {
    type: "image/jpeg",
    width: 20,
    height: 9,
    cost: 0,
  });
  assert.deepEqual({ ...peekImage(png), cost: 0 }, {
    type: "image/png",
    width: 3,
    height: 2,
    cost: 0,
  });
});

Deno.test("each scan of a JPEG costs by the blocks that it passes over", () => {
  const whole = jpeg(160, 160);
  const { cost } = peekImage(whole);
  assert.equal(cost, 160 * 160 + 8 * 3 * 20 * 20 + whole.length);
  const heavy = heavyJpeg();
  const most = peekImage(heavy).cost;
  assert.equal(most, 4_000_000 + 8 * 1_500_000 + heavy.length);
  assert.ok(most < 5 * MAX_PIXELS);
  // What is only said in a comment, or behind the end, is none.
  const scan = segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0));
  const more = concat([insert(whole, segment(0xfe, scan)), scan]);
  assert.equal(peekImage(more).cost, cost + more.length - whole.length);
});

Deno.test("a PNG costs its pixels, and its compressed bytes", () => {
  const giant = giantPng();
  const { cost } = peekImage(giant);
  assert.ok(cost > 4_000_000 && cost < 4_000_000 + giant.length);
});

Deno.test("the cost grows with the pixels", () => {
  const [small, large] = [peekImage(jpeg(100, 100)).cost, peekImage(jpeg(1000, 1000)).cost];
  assert.ok(small > 100 * 100 && large > 50 * small && large < 5 * MAX_PIXELS);
});

Deno.test("what its container refuses, decoding refuses with the same words", () => {
  const files = [
    new Uint8Array(),
    new TextEncoder().encode("GIF89a"),
    concat([SIGNATURE, png.subarray(9)]),
    png.subarray(0, -1),
    buildPng({ width: 2001, height: 2000 }, new Uint8Array(8)),
    jpeg(3, 3).subarray(0, -1),
    Uint8Array.of(0xff, 0xd8, 0xff, 0xd9),
  ];
  for (const file of files) {
    let refusal: unknown;
    assert.throws(() => peekImage(file), (error) => (refusal = error) instanceof Error);
    assert.throws(() => decodeImage(file), refusal as Error);
  }
});
