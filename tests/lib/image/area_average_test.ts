import assert from "node:assert/strict";
import fc from "fast-check";
import { sumAreas } from "../../../lib/image/area_average.ts";
import type { Raster } from "../../../lib/image/raster.ts";

type Image = Pick<Raster, "width" | "height" | "channels" | "data">;

/** The means, of what `sumAreas` gives the sums. */
function average(image: Image, size: { width: number; height: number }): number[] {
  return Array.from(sumAreas(image, size), (sum) => sum / (image.width * image.height));
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/** Grey or colour, of 8 or 16 bits. */
const cases = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 9 }),
  channels: fc.constantFrom(1 as const, 3 as const),
  size: fc.record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 12 }),
  }),
}).chain(({ size, ...shape }) => {
  const length = shape.width * shape.height * shape.channels;
  const data = fc.oneof(
    fc.uint8Array({ minLength: length, maxLength: length }),
    fc.uint16Array({ minLength: length, maxLength: length }),
  );
  return fc.record({ image: data.map((data) => ({ ...shape, data })), size: fc.constant(size) });
});

Deno.test("a pixel counts by the share of it that lies within", () => {
  const row = { width: 5, height: 1, channels: 1, data: Uint8Array.of(1, 2, 4, 8, 16) } as const;
  const expected = [(1 + 2 + 4 / 2) / 2.5, (4 / 2 + 8 + 16) / 2.5];
  assert.deepEqual(average(row, { width: 2, height: 1 }), expected);
  assert.deepEqual(average({ ...row, width: 1, height: 5 }, { width: 1, height: 2 }), expected);
});

Deno.test("the mean is kept", () => {
  fc.assert(fc.property(cases, ({ image, size }) => {
    assert.ok(Math.abs(mean(average(image, size)) - mean(image.data)) < 1e-9 * 65535);
  }));
});

Deno.test("an equal size changes nothing, exactly", () => {
  fc.assert(fc.property(cases, ({ image }) => {
    assert.deepEqual(average(image, image), Array.from(image.data));
  }));
});

Deno.test("values stay within the range of those they are made of", () => {
  fc.assert(fc.property(cases, ({ image, size }) => {
    const values = average(image, size);
    assert.ok(Math.min(...values) >= Math.min(...image.data));
    assert.ok(Math.max(...values) <= Math.max(...image.data));
  }));
});

Deno.test("a multiple of the size repeats pixels", () => {
  fc.assert(fc.property(cases, ({ image }) => {
    const { width, height, channels } = image;
    const size = { width: 2 * width, height: 3 * height };
    const repeated = average(image, size);
    const back = average({ ...image, ...size, data: Uint16Array.from(repeated) }, {
      width,
      height,
    });
    assert.deepEqual(back, Array.from(image.data));
    assert.equal(repeated.length, 6 * width * height * channels);
  }));
});

Deno.test("rows of bytes that are added up together come out as rows one by one", () => {
  // Only large images are added up; some have more rows, or longer ones, than are added at once.
  const shapes = fc.record({
    isTall: fc.boolean(),
    short: fc.integer({ min: 1, max: 150 }),
    length: fc.oneof(fc.constant(16_384), fc.integer({ min: 16_384, max: 70_000 })),
  }).map(({ isTall, short, length }) => {
    const long = Math.ceil(length / short);
    return isTall ? { width: short, height: long } : { width: long, height: short };
  });
  const images = fc.record({
    shape: shapes,
    channels: fc.constantFrom(1 as const, 3 as const),
    size: fc.record({
      width: fc.integer({ min: 1, max: 12 }),
      height: fc.integer({ min: 1, max: 9 }),
    }),
    offset: fc.nat(7),
    seed: fc.oneof(fc.constant(undefined), fc.nat()),
  }).map(({ shape, ...image }) => ({ ...shape, ...image }));
  fc.assert(fc.property(images, ({ size, offset, seed, ...shape }) => {
    const memory = new Uint8Array(offset + shape.width * shape.height * shape.channels).fill(255);
    const data = memory.subarray(offset);
    if (seed !== undefined) {
      data.forEach((_, i) => data[i] = Math.imul(seed + i, 0x9e3779b1) >>> 24);
    }
    // 16 bits are never added up together.
    const expected = sumAreas({ ...shape, data: Uint16Array.from(data) }, size);
    assert.deepEqual(sumAreas({ ...shape, data }, size), expected);
  }));
});

Deno.test("channels are averaged apart", () => {
  const data = Uint8Array.of(0, 10, 50, 2, 12, 52, 100, 110, 150, 102, 112, 152);
  const image = { width: 2, height: 2, channels: 3, data } as const;
  assert.deepEqual(average(image, { width: 1, height: 2 }), [1, 11, 51, 101, 111, 151]);
  assert.deepEqual(average(image, { width: 2, height: 1 }), [50, 60, 100, 52, 62, 102]);
});

Deno.test("where there is alpha, it is averaged, and colours by how much of it there is", () => {
  const grey = { width: 3, height: 1, channels: 2, data: Uint8Array.of(9, 4, 5, 0, 2, 2) } as const;
  assert.deepEqual(average(grey, { width: 1, height: 1 }), [40 / 3, 2]);
  const data = Uint8Array.of(9, 8, 7, 4, 5, 5, 5, 0, 2, 1, 0, 2);
  const colour = { ...grey, channels: 4, data } as const;
  assert.deepEqual(average(colour, { width: 1, height: 1 }), [40 / 3, 34 / 3, 28 / 3, 2]);
  assert.deepEqual(average(colour, { width: 3, height: 1 }), [
    36,
    32,
    28,
    4,
    0,
    0,
    0,
    0,
    4,
    2,
    0,
    2,
  ]);
});
