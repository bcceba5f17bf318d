import assert from "node:assert/strict";
import fc from "fast-check";
import { ImageDecodeError } from "../../../lib/image/errors.ts";
import { decodeImage } from "../../../lib/image/decode.ts";
import { type ModelInputOptions, toModelInput } from "../../../lib/image/model_input.ts";
import type { Raster } from "../../../lib/image/raster.ts";
import { buildPng, chunk, type HeaderFields, packRows } from "./build_png.ts";

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

/** The middle of three pixels as ink of a colour and an alpha, transparent around it; by kinds of PNG. */
function inkPngs(
  [red, green, blue]: readonly [red: number, green: number, blue: number],
  alpha = 255,
): Readonly<Record<string, Uint8Array>> {
  const png = (
    fields: HeaderFields,
    samples: readonly number[],
    chunks: readonly Uint8Array[] = [],
  ) => buildPng({ width: 3, ...fields }, packRows({ width: 3, ...fields }, samples), chunks);
  const rgb = [red, green, blue];
  const palette = chunk("PLTE", Uint8Array.of(9, 8, 7, ...rgb));
  const wide = rgb.concat(alpha).map((sample) => sample * 257);
  const files: Record<string, Uint8Array> = {
    RGBA: png({ colourType: 6 }, [0, 0, 0, 0, ...rgb, alpha, 255, 255, 255, 0]),
    "RGBA of 16 bits": png({ colourType: 6, depth: 16 }, [0, 0, 0, 0, ...wide, 0, 0, 0, 0]),
    palette: png({ colourType: 3 }, [0, 1, 0], [palette, chunk("tRNS", Uint8Array.of(0, alpha))]),
  };
  if (alpha === 255) {
    const key = chunk("tRNS", Uint8Array.of(0, 1, 0, 2, 0, 3));
    files["RGB with a key"] = png({ colourType: 2 }, [1, 2, 3, ...rgb, 1, 2, 3], [key]);
  }
  if (red === green && green === blue) {
    files["grey and alpha"] = png({ colourType: 4 }, [0, 0, red, alpha, 255, 0]);
  }
  return files;
}

/** The three pixels as a model in grey sees them, of whatever kind of PNG they come. */
function seen(files: Readonly<Record<string, Uint8Array>>, options?: ModelInputOptions): number[] {
  const [first, ...others] = Object.values(files).map((
    png,
  ) => [...toModelInput(decodeImage(png), [1, 3, 1], options).data]);
  for (const other of others) assert.deepEqual(other, first);
  return first!;
}

Deno.test("dark ink on a transparent page is laid on white, and light on dark if inverted", () => {
  assert.deepEqual(seen(inkPngs([0, 0, 0])), [1, 0, 1]);
  assert.deepEqual(seen(inkPngs([0, 0, 0]), { invert: true }), [0, 1, 0]);
  const faint = seen(inkPngs([0, 0, 0], 51));
  assert.deepEqual([faint[0], faint[2]], [1, 1]);
  assert.ok(Math.abs(faint[1]! - 0.8) < 1e-6);
  // What drawing programs call black.
  const soft = seen(inkPngs([30, 30, 30]));
  assert.deepEqual([soft[0], soft[2]], [1, 1]);
  assert.ok(Math.abs(soft[1]! - 30 / 255) < 1e-6);
});

Deno.test("ink that shows over black stays there, value for value", () => {
  assert.deepEqual(seen(inkPngs([255, 255, 255])), [0, 1, 0]);
  assert.deepEqual(seen(inkPngs([255, 255, 255], 51)), [0, Math.fround(0.2), 0]);
  const red = seen(inkPngs([255, 0, 0]));
  assert.deepEqual(red, [0, Math.fround(0.299), 0]);
  assert.deepEqual(seen(inkPngs([255, 255, 255]), { invert: true }), [1, 0, 1]);
});

Deno.test("ink that shows in colour alone is laid on white for a model in grey", () => {
  const blue = inkPngs([0, 0, 255]);
  assert.deepEqual(seen(blue), [1, Math.fround(0.114), 1]);
  for (const png of Object.values(blue)) {
    const { data } = toModelInput(decodeImage(png), [1, 3, 3]);
    assert.deepEqual(data, f32(0, 0, 0, 0, 0, 1, 0, 0, 0));
  }
});

Deno.test("an image without a transparent pixel is not changed by its alpha, however dark", () => {
  const dark = raster([1, 2, 4], [3, 2, 1, 255, 9, 8, 7, 255]);
  assert.deepEqual(
    toModelInput(dark, [1, 2, 3]).data,
    f32(3 / 255, 2 / 255, 1 / 255, 9 / 255, 8 / 255, 7 / 255),
  );
});

Deno.test("an image that its transparency hides whole is refused", () => {
  const hidden = [
    raster([1, 2, 4], [255, 0, 0, 0, 0, 255, 0, 0]),
    raster([1, 2, 2], [255, 0, 0, 0]),
    // White through half an alpha, and grey: over black both are the same.
    raster([1, 2, 2], [255, 128, 128, 255]),
    raster([1, 2, 4], [200, 80, 20, 100, 100, 40, 10, 200]),
  ];
  for (const image of hidden) {
    for (const shape of [[2, 2, 1], [2, 2, 3]] as const) {
      assert.throws(() => toModelInput(image, shape), (error) => {
        assert.ok(error instanceof ImageDecodeError);
        assert.match(error.message, /^Cannot see the image: over black .* save it without/);
        return true;
      });
    }
  }
});

Deno.test("an image of one colour from the start is lawful, transparent or not", () => {
  const uniform = [
    raster([1, 2, 1], [0, 0]),
    raster([1, 2, 3], [0, 0, 0, 0, 0, 0]),
    raster([1, 2, 4], [0, 0, 0, 255, 0, 0, 0, 255]),
    raster([1, 2, 4], [0, 0, 0, 0, 0, 0, 0, 0]),
  ];
  for (const image of uniform) {
    assert.deepEqual(toModelInput(image, [1, 2, 1]).data, f32(0, 0));
  }
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
