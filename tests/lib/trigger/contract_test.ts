/** What holds for every trigger, whatever it draws. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Image, ImageBatch, ImageShape } from "../../../lib/core/types.ts";
import { triggerDefinitions } from "../../../lib/trigger/mod.ts";

/** Images that are large enough for every trigger at every distance drawn below. */
const imageCase = fc
  .record({
    height: fc.integer({ min: 6, max: 20 }),
    width: fc.integer({ min: 6, max: 20 }),
    channels: fc.integer({ min: 1, max: 4 }),
    count: fc.integer({ min: 0, max: 4 }),
    distance: fc.integer({ min: 1, max: 4 }),
    value: fc.float({ min: 0, max: 1, noNaN: true }),
  })
  .chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      pixels: fc.float32Array({
        minLength: sizes.count * sizes.height * sizes.width * sizes.channels,
        maxLength: sizes.count * sizes.height * sizes.width * sizes.channels,
        min: 0,
        max: 1,
        noNaN: true,
      }),
    })
  )
  .map(({ sizes: { height, width, channels, count, distance, value }, pixels }) => ({
    batch: { data: pixels, shape: [count, height, width, channels] } satisfies ImageBatch,
    shape: [height, width, channels] satisfies ImageShape,
    options: { distance, value },
  }));

function imageAt(batch: ImageBatch, index: number): Image {
  const [, height, width, channels] = batch.shape;
  const size = height * width * channels;
  return {
    data: batch.data.slice(index * size, (index + 1) * size),
    shape: [height, width, channels],
  };
}

for (const definition of triggerDefinitions) {
  Deno.test(`${definition.kind}: only the pixels it names change, in all channels`, () => {
    fc.assert(fc.property(imageCase, ({ batch, shape, options }) => {
      const trigger = definition.create(options);
      const [height, width, channels] = shape;
      const expected = batch.data.slice();
      for (let image = 0; image < batch.shape[0]; image++) {
        for (const [row, column] of trigger.pixels(shape)) {
          for (let channel = 0; channel < channels; channel++) {
            expected[((image * height + row) * width + column) * channels + channel] =
              options.value;
          }
        }
      }
      assert.deepEqual(trigger.apply(batch), { data: expected, shape: batch.shape });
    }));
  });

  Deno.test(`${definition.kind}: the pixels lie within the image, each named once`, () => {
    fc.assert(fc.property(imageCase, ({ shape, options }) => {
      const pixels = definition.create(options).pixels(shape);
      assert.ok(pixels.length > 0);
      for (const [row, column] of pixels) {
        assert.ok(row >= 0 && row < shape[0]);
        assert.ok(column >= 0 && column < shape[1]);
      }
      assert.equal(new Set(pixels.map(String)).size, pixels.length);
    }));
  });

  Deno.test(`${definition.kind}: the input is left as it is, and the output shares no memory`, () => {
    fc.assert(fc.property(imageCase, ({ batch, options }) => {
      const before = batch.data.slice();
      const after = definition.create(options).apply(batch);
      assert.deepEqual(batch.data, before);
      assert.notEqual(after.data.buffer, batch.data.buffer);
    }));
  });

  Deno.test(`${definition.kind}: twice is once`, () => {
    fc.assert(fc.property(imageCase, ({ batch, options }) => {
      const { apply } = definition.create(options);
      assert.deepEqual(apply(apply(batch)), apply(batch));
    }));
  });

  Deno.test(`${definition.kind}: a batch is stamped as its images are one by one`, () => {
    fc.assert(fc.property(imageCase, ({ batch, options }) => {
      const { apply } = definition.create(options);
      const whole = apply(batch);
      for (let image = 0; image < batch.shape[0]; image++) {
        assert.deepEqual(imageAt(whole, image), apply(imageAt(batch, image)));
      }
    }));
  });

  Deno.test(`${definition.kind}: defaults are ART's, distance 2 and value 1`, () => {
    assert.deepEqual(definition.create().manifest, {
      kind: definition.kind,
      distance: 2,
      value: 1,
    });
  });

  Deno.test(`${definition.kind}: options out of range are refused, the ends of the range not`, () => {
    for (const distance of [0, -1, 1.5, NaN, Infinity]) {
      assert.throws(
        () => definition.create({ distance }),
        { name: "RangeError", message: /distance must be an integer from 1, got/ },
      );
    }
    for (const value of [-0.01, 1.01, NaN, Infinity]) {
      assert.throws(
        () => definition.create({ value }),
        { name: "RangeError", message: /value must be within 0-1, got/ },
      );
    }
    for (const value of [0, 1]) assert.equal(definition.create({ value }).manifest.value, value);
  });

  Deno.test(`${definition.kind}: an image that it does not lie in is refused`, () => {
    const trigger = definition.create({ distance: 5 });
    for (const shape of [[4, 28, 1], [28, 4, 3]] satisfies ImageShape[]) {
      const image = { data: new Float32Array(shape[0] * shape[1] * shape[2]), shape };
      const refusal = { name: "RangeError", message: /must lie within the image/ };
      assert.throws(() => trigger.pixels(shape), refusal);
      assert.throws(() => trigger.apply(image), refusal);
    }
  });

  Deno.test(`${definition.kind}: has a kind and one sentence for people`, () => {
    assert.match(definition.kind, /^[a-z][a-z-]*$/);
    assert.match(definition.summary, /^[A-Z].*\.$/);
  });
}
