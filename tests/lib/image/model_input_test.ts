import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeImage } from "../../../lib/image/decode.ts";
import { toModelInput } from "../../../lib/image/model_input.ts";
import type { Raster } from "../../../lib/image/raster.ts";
import { buildPng, packRows } from "./build_png.ts";

function raster(
  [height, width, channels]: readonly [number, number, Raster["channels"]],
  samples: readonly number[],
): Raster {
  return { height, width, channels, data: Uint8Array.from(samples), maximum: 255 };
}

const f32 = (...values: number[]) => Float32Array.from(values);

Deno.test("a grey PNG of the model's size passes value for value", () => {
  const samples = fc.uint8Array({ minLength: 28 * 28, maxLength: 28 * 28 });
  fc.assert(fc.property(samples, (values) => {
    const fields = { width: 28, height: 28 };
    const input = toModelInput(decodeImage(buildPng(fields, packRows(fields, [...values]))), [
      28,
      28,
      1,
    ]);
    assert.deepEqual(input.data, Float32Array.from(values, (value) => value / 255));
    assert.deepEqual(input.shape, [28, 28, 1]);
  }));
});

Deno.test("an RGB image of the model's size passes value for value", () => {
  const samples = Array.from({ length: 32 * 32 * 3 }, (_, i) => i * 7 % 256);
  const { data } = toModelInput(raster([32, 32, 3], samples), [32, 32, 3]);
  assert.deepEqual(data, Float32Array.from(samples, (value) => value / 255));
});

Deno.test("16 bits keep their resolution", () => {
  const data = Uint16Array.of(0, 1, 32768, 65535);
  const input = toModelInput({ width: 2, height: 2, channels: 1, data, maximum: 65535 }, [2, 2, 1]);
  assert.deepEqual(input.data, f32(0, 1 / 65535, 32768 / 65535, 1));
});

Deno.test("colour becomes grey by luma", () => {
  const image = raster([1, 4, 3], [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
  const { data } = toModelInput(image, [1, 4, 1]);
  assert.deepEqual(data, f32(0.299, 0.587, 0.114, 1));
});

Deno.test("grey becomes colour by repetition", () => {
  const { data } = toModelInput(raster([1, 2, 1], [51, 255]), [1, 2, 3]);
  assert.deepEqual(data, f32(0.2, 0.2, 0.2, 1, 1, 1));
});

Deno.test("alpha is laid over black, in grey and in colour, before averaging", () => {
  const grey = raster([1, 2, 2], [255, 51, 255, 0]);
  assert.deepEqual(toModelInput(grey, [1, 2, 1]).data, f32(0.2, 0));
  assert.deepEqual(toModelInput(grey, [1, 1, 1]).data, f32(0.1));
  const colour = raster([1, 1, 4], [255, 0, 255, 51]);
  assert.deepEqual(toModelInput(colour, [1, 1, 3]).data, f32(0.2, 0, 0.2));
});

Deno.test("invert turns values round and leaves the padding black", () => {
  const wide = raster([2, 4, 1], [255, 255, 0, 0, 255, 255, 0, 0]);
  assert.deepEqual(
    toModelInput(wide, [4, 4, 1], { invert: true }).data,
    f32(0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0),
  );
});

Deno.test("the aspect ratio is kept, and what is left is black on both sides", () => {
  const tall = toModelInput(raster([56, 28, 1], Array(56 * 28).fill(255)), [28, 28, 1]);
  for (let row = 0; row < 28; row++) {
    for (let column = 0; column < 28; column++) {
      const inside = column >= 7 && column < 21;
      assert.equal(tall.data[row * 28 + column], inside ? 1 : 0);
    }
  }
});

Deno.test("where the padding is odd, the image stands half a pixel to the top left", () => {
  assert.deepEqual(toModelInput(raster([1, 2, 1], [255, 255]), [2, 2, 1]).data, f32(1, 1, 0, 0));
});

Deno.test("a smaller image is enlarged, also to a size that is no multiple", () => {
  assert.deepEqual(
    toModelInput(raster([2, 2, 1], [255, 0, 0, 255]), [3, 3, 1]).data,
    f32(1, 0.5, 0, 0.5, 0.5, 0.5, 0, 0.5, 1),
  );
});

Deno.test("an image thousands of times longer than wide leaves a line of one pixel", () => {
  const { data } = toModelInput(raster([1, 9000, 1], Array(9000).fill(255)), [28, 28, 1]);
  assert.equal(data.reduce((sum, value) => sum + value, 0), 28);
});

Deno.test("any image gives the shape asked for, with values in 0-1", () => {
  const cases = fc.record({
    width: fc.integer({ min: 1, max: 50 }),
    height: fc.integer({ min: 1, max: 50 }),
    channels: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
    target: fc.constantFrom([28, 28, 1] as const, [32, 32, 3] as const, [5, 7, 3] as const),
    invert: fc.boolean(),
    seed: fc.nat(),
  });
  fc.assert(fc.property(cases, ({ width, height, channels, target, invert, seed }) => {
    const samples = Array.from(
      { length: width * height * channels },
      (_, i) => (seed + i * i) % 256,
    );
    const { data, shape } = toModelInput(raster([height, width, channels], samples), target, {
      invert,
    });
    assert.deepEqual(shape, target);
    assert.equal(data.length, target[0] * target[1] * target[2]);
    assert.ok(data.every((value) => value >= 0 && value <= 1));
  }));
});

Deno.test("a model of other than 1 or 3 channels is refused", () => {
  assert.throws(() => toModelInput(raster([1, 1, 1], [0]), [1, 1, 2]), {
    name: "RangeError",
    message: /shape must have 1 or 3 channels, got 2/,
  });
});
