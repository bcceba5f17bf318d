import assert from "node:assert/strict";
import fc from "fast-check";
import { decode } from "fast-png";
import { decodeImage } from "../../../lib/image/decode.ts";
import { encodePng } from "../../../lib/image/encode.ts";
import { toModelInput } from "../../../lib/image/model_input.ts";

Deno.test("what is encoded is decoded again, value for value, in grey and in colour", () => {
  const cases = fc
    .record({
      height: fc.integer({ min: 1, max: 32 }),
      width: fc.integer({ min: 1, max: 32 }),
      channels: fc.constantFrom(1, 3),
    })
    .chain(({ height, width, channels }) => {
      const length = height * width * channels;
      return fc.record({
        shape: fc.constant([height, width, channels] as const),
        samples: fc.uint8Array({ minLength: length, maxLength: length }),
        stored: fc.boolean(),
      });
    });
  fc.assert(fc.property(cases, ({ shape, samples, stored }) => {
    const image = { data: Float32Array.from(samples, (value) => value / 255), shape };
    const raster = decodeImage(encodePng(image, { stored }));
    assert.deepEqual(raster.data, samples);
    assert.deepEqual(toModelInput(raster, shape), image);
  }));
});

Deno.test("another decoder reads it as 8 bits, grey or RGB", () => {
  for (const channels of [1, 3]) {
    const data = new Float32Array(2 * 3 * channels).fill(0.2);
    const decoded = decode(encodePng({ data, shape: [2, 3, channels] }), { checkCrc: true });
    assert.deepEqual([decoded.width, decoded.height, decoded.depth], [3, 2, 8]);
    assert.equal(decoded.channels, channels);
    assert.ok(decoded.data.every((sample) => sample === 51));
  }
});

Deno.test("an image that takes several of Deflate's stored blocks is whole", () => {
  for (const side of [147, 148, 300]) {
    const samples = Uint8Array.from({ length: side * side * 3 }, (_, i) => i * i % 251 + 4);
    const data = Float32Array.from(samples, (value) => value / 255);
    const png = encodePng({ data, shape: [side, side, 3] }, { stored: true });
    assert.deepEqual(decodeImage(png).data, samples);
  }
});

Deno.test("values are rounded to the nearest sample and clamped", () => {
  const data = Float32Array.of(-1, 0.4 / 255, 0.6 / 255, 254.6 / 255, 2);
  assert.deepEqual([...decodeImage(encodePng({ data, shape: [1, 5, 1] })).data], [
    0,
    0,
    1,
    255,
    255,
  ]);
});

Deno.test("images of other than 1 or 3 channels are refused", () => {
  assert.throws(() => encodePng({ data: new Float32Array(2), shape: [1, 1, 2] }), {
    name: "RangeError",
    message: /image must have 1 or 3 channels, got 2/,
  });
});
