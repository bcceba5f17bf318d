import assert from "node:assert/strict";
import { hasLightBorder } from "../../../routes/islands/light_border.ts";

/** An opaque image of one colour with another ring of one pixel around it. */
function framed(size: number, { ring, inside }: { ring: number[]; inside: number[] }) {
  const data = new Uint8ClampedArray(4 * size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const onRing = Math.min(x, y, size - 1 - x, size - 1 - y) === 0;
      data.set(onRing ? ring : inside, 4 * (y * size + x));
    }
  }
  return { data, width: size, height: size };
}

const white = [255, 255, 255, 255];
const black = [0, 0, 0, 255];

Deno.test("only the border decides whether an image is light", () => {
  for (const size of [1, 2, 3, 32]) {
    assert.equal(hasLightBorder(framed(size, { ring: white, inside: black })), true);
    assert.equal(hasLightBorder(framed(size, { ring: black, inside: white })), false);
  }
});

Deno.test("every pixel of the border counts once, the corners included", () => {
  const pixels = framed(4, { ring: black, inside: black });
  const ring = [0, 1, 2, 3, 4, 7, 8, 11, 12, 13, 14, 15];
  for (const index of ring.slice(0, 6)) pixels.data.set(white, 4 * index);
  assert.equal(hasLightBorder(pixels), false, "half of the ring is exactly the limit");
  pixels.data.set([9, 9, 9, 255], 4 * ring[6]!);
  assert.equal(hasLightBorder(pixels), true);
});

Deno.test("transparent paper counts as its ground, half of it as half", () => {
  const inside = black;
  const through = (alpha: number, ground: 0 | 1) =>
    hasLightBorder(framed(8, { ring: [0, 0, 0, alpha], inside }), ground);
  assert.equal(through(0, 1), true);
  assert.equal(through(0, 0), false);
  assert.equal(through(120, 1), true);
  assert.equal(through(135, 1), false);
});

Deno.test("without a ground transparent paper counts as black, green as brighter than blue", () => {
  const inside = black;
  assert.equal(hasLightBorder(framed(8, { ring: [255, 255, 255, 0], inside })), false);
  assert.equal(hasLightBorder(framed(8, { ring: [0, 255, 0, 255], inside })), true);
  assert.equal(hasLightBorder(framed(8, { ring: [0, 0, 255, 255], inside })), false);
});
