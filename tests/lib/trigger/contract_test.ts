/** What holds for every trigger, whatever it draws. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { describeRange, type Parameter } from "../../../lib/core/parameter.ts";
import type { ImageShape } from "../../../lib/core/types.ts";
import { triggerDefinitions, triggerFromManifest } from "../../../lib/trigger/mod.ts";
import { batches, imageAt, shapeOf, triggers } from "./cases.ts";

for (const [name, trigger] of triggers) {
  // An image is laid on bytes, into which the values of all pixels are cut off.
  const rounding = JSON.stringify(trigger.manifest).includes('"image"') ? 1 / 255 : 0;

  Deno.test(`${name}: only the pixels it names change`, () => {
    fc.assert(fc.property(batches, (batch) => {
      const [height, width, channels] = shapeOf(batch);
      const { data, shape } = trigger.apply(batch);
      assert.deepEqual(shape, batch.shape);
      for (let image = 0; image < batch.shape[0]; image++) {
        const named = new Set(trigger.pixels([height, width, channels], image).map(String));
        const [before, after] = [imageAt(batch, image).data, imageAt({ data, shape }, image).data];
        before.forEach((value, i) => {
          const pixel = Math.floor(i / channels);
          if (named.has(String([Math.floor(pixel / width), pixel % width]))) return;
          assert.ok(after[i]! <= value && value - after[i]! <= rounding, `${value} → ${after[i]}`);
        });
      }
    }));
  });

  Deno.test(`${name}: every pixel it names changes, in grey`, () => {
    fc.assert(fc.property(batches, (batch) => {
      const [height, width] = shapeOf(batch);
      const grey = { data: new Float32Array(height * width).fill(0.4), shape: [height, width, 1] };
      const { data } = trigger.apply({ ...grey, shape: [height, width, 1] as const });
      for (const [row, column] of trigger.pixels([height, width, 1])) {
        assert.notEqual(data[row * width + column], grey.data[0]);
      }
    }));
  });

  Deno.test(`${name}: the pixels lie within the image, each named once`, () => {
    fc.assert(fc.property(batches, fc.nat(), (batch, index) => {
      const shape = shapeOf(batch);
      const pixels = trigger.pixels(shape, index);
      assert.ok(pixels.length > 0);
      for (const [row, column] of pixels) {
        assert.ok(row >= 0 && row < shape[0]);
        assert.ok(column >= 0 && column < shape[1]);
      }
      assert.equal(new Set(pixels.map(String)).size, pixels.length);
    }));
  });

  Deno.test(`${name}: values stay within 0-1`, () => {
    fc.assert(fc.property(batches, (batch) => {
      assert.ok(trigger.apply(batch).data.every((value) => value >= 0 && value <= 1));
    }));
  });

  Deno.test(`${name}: the input is left as it is, and the output shares no memory`, () => {
    fc.assert(fc.property(batches, (batch) => {
      const before = batch.data.slice();
      const after = trigger.apply(batch);
      assert.deepEqual(batch.data, before);
      assert.notEqual(after.data.buffer, batch.data.buffer);
    }));
  });

  Deno.test(`${name}: a batch is stamped as its images are one by one`, () => {
    fc.assert(fc.property(batches, fc.nat({ max: 1000 }), (batch, first) => {
      const indices = Array.from({ length: batch.shape[0] }, (_, image) => first + image);
      const whole = trigger.apply(batch, { indices });
      for (let image = 0; image < batch.shape[0]; image++) {
        assert.deepEqual(
          imageAt(whole, image),
          trigger.apply(imageAt(batch, image), { indices: [first + image] }),
        );
      }
    }));
  });

  Deno.test(`${name}: its manifest makes it again, after JSON too`, () => {
    fc.assert(fc.property(batches, (batch) => {
      const again = triggerFromManifest(JSON.parse(JSON.stringify(trigger.manifest)));
      assert.deepEqual(again.manifest, trigger.manifest);
      assert.deepEqual(again.apply(batch), trigger.apply(batch));
    }));
  });

  Deno.test(`${name}: an image that it does not lie in is refused`, () => {
    for (const shape of [[1, 28, 1], [28, 1, 3]] satisfies ImageShape[]) {
      const image = { data: new Float32Array(shape[0] * shape[1] * shape[2]), shape };
      const refusal = { name: "RangeError", message: /must lie within the image/ };
      assert.throws(() => trigger.pixels(shape), refusal);
      assert.throws(() => trigger.apply(image), refusal);
    }
  });
}

/** Values of a parameter that are out of its range, and the ends of the range. */
function valuesOf({ type, minimum, exclusiveMinimum, maximum }: Parameter) {
  const step = type === "integer" ? 1 : 0.01;
  const outside = [NaN, Infinity, -Infinity];
  const within: number[] = [];
  if (type === "integer") outside.push(1.5);
  if (exclusiveMinimum !== undefined) {
    outside.push(exclusiveMinimum, exclusiveMinimum - step);
    within.push(exclusiveMinimum + (type === "integer" ? 1 : Number.MIN_VALUE));
  }
  if (minimum !== undefined) {
    outside.push(minimum - step);
    within.push(minimum);
  }
  if (maximum !== undefined) {
    outside.push(maximum + step);
    within.push(maximum);
  }
  return { outside, within };
}

for (const definition of triggerDefinitions) {
  const parameters = Object.entries(definition.parameters);

  Deno.test(`${definition.kind}: defaults stand in the manifest`, () => {
    assert.deepEqual(definition.create().manifest, {
      kind: definition.kind,
      ...Object.fromEntries(parameters.map(([name, parameter]) => [name, parameter.default])),
    });
  });

  Deno.test(`${definition.kind}: numbers out of range are refused, the ends of the range not`, () => {
    for (const [name, parameter] of parameters) {
      const { outside, within } = valuesOf(parameter);
      for (const value of outside) {
        assert.throws(() => definition.create({ [name]: value }), {
          name: "RangeError",
          message: `Cannot make trigger ${definition.kind}: ${name} must be ` +
            `${describeRange(parameter)}, got ${value}`,
        });
      }
      for (const value of within) {
        assert.deepEqual(definition.create({ [name]: value }).manifest, {
          ...definition.create().manifest,
          [name]: value,
        });
      }
    }
  });

  Deno.test(`${definition.kind}: twice is once`, () => {
    const { apply } = definition.create();
    fc.assert(fc.property(batches, (batch) => {
      assert.deepEqual(apply(apply(batch)), apply(batch));
    }));
  });

  Deno.test(`${definition.kind}: has a kind, and words for people`, () => {
    assert.match(definition.kind, /^[a-z][a-z-]*$/);
    assert.match(definition.title, /^[A-Z].*[a-z]$/);
    assert.match(definition.summary, /^[A-Z].*\.$/);
    for (const [name, { description }] of parameters) {
      assert.match(name, /^[a-z][A-Za-z]*$/);
      assert.match(description, /^[a-z].*[^.]$/);
    }
  });
}
