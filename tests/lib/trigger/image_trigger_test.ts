import assert from "node:assert/strict";
import {
  createImageTrigger,
  createTriggerImage,
  MAX_TRIGGER_PIXELS,
  type SourceImage,
  triggerFromManifest,
} from "../../../lib/trigger/mod.ts";
import { smallImage } from "./cases.ts";

/** An image of one colour. */
function plain(height: number, width: number, changes: Partial<SourceImage> = {}): SourceImage {
  return {
    height,
    width,
    channels: 1,
    data: new Uint8Array(height * width),
    maximum: 255,
    ...changes,
  };
}

Deno.test("a blend or a place out of range is refused", () => {
  for (const blend of [0, -0.1, 1.1, NaN]) {
    assert.throws(
      () => createImageTrigger(smallImage, { blend }),
      /blend must be above 0 and up to 1/,
    );
  }
  for (const place of [{ row: -1, column: 0 }, { row: 0, column: 0.5 }]) {
    assert.throws(() => createImageTrigger(smallImage, { place }), /must be integers from 0, got/);
  }
});

Deno.test("an image of two channels is refused", () => {
  const image = { data: new Float32Array(6 * 6 * 2), shape: [6, 6, 2] as const };
  assert.throws(() => createImageTrigger(smallImage).apply(image), /grey or RGB, got 2 channels/);
});

Deno.test("a manifest whose image was altered is refused", () => {
  const other = createTriggerImage(plain(2, 2));
  const altered = [
    { ...smallImage, rgba: other.rgba },
    { ...smallImage, rgba: "not base64!" },
    { ...smallImage, height: 3 },
  ];
  for (const image of altered) {
    assert.throws(() => createImageTrigger(image), /its manifest was altered/);
  }
});

Deno.test("a trigger image that is too large, of 16 bits, or cannot be seen is refused", () => {
  const side = Math.sqrt(MAX_TRIGGER_PIXELS);
  assert.equal(createTriggerImage(plain(side, side)).height, side);
  assert.throws(() => createTriggerImage(plain(side, side + 1)), /at most 4096 pixels, got 64×65/);
  assert.throws(() => createTriggerImage(plain(2, 2), { height: 0, width: 2 }), /from 1, got 0×2/);
  assert.throws(() => createTriggerImage(plain(2, 2, { maximum: 65535 })), /8 bits a sample/);
  const clear = plain(1, 1, { channels: 4, data: Uint8Array.of(255, 255, 255, 0) });
  assert.throws(() => createTriggerImage(clear), /a pixel that is not transparent/);
});

/** A mark of white and grey in a black frame that is one pixel wide, as wide as the image. */
const framed = {
  ...{ height: 4, width: 4, channels: 1, maximum: 255 } as const,
  data: Uint8Array.of(0, 0, 0, 0, 0, 255, 90, 0, 0, 90, 255, 0, 0, 0, 0, 0),
};

Deno.test("what has the mask's colour is not stamped, in grey and in colour, and all else is", () => {
  const mark = [[1, 1], [1, 2], [2, 1], [2, 2]];
  for (const channels of [1, 3] as const) {
    const image = createTriggerImage(framed, { mask: [0, 0, 0] });
    const trigger = createImageTrigger(image, { blend: 1 });
    const shape = [4, 4, channels] as const;
    assert.deepEqual(trigger.pixels(shape), mark);
    const under = { data: new Float32Array(16 * channels).fill(0.4), shape };
    const { data } = trigger.apply(under);
    framed.data.forEach((grey, pixel) => {
      for (let c = 0; c < channels; c++) {
        // Bytes by truncation, as everywhere in such an image.
        const expected = grey === 0 ? 102 : grey;
        assert.equal(data[pixel * channels + c], Math.fround(expected / 255));
      }
    });
    assert.deepEqual(triggerFromManifest(trigger.manifest).apply(under).data, data);
  }
  assert.equal(createImageTrigger(createTriggerImage(framed)).pixels([4, 4, 1]).length, 16);
});

Deno.test("a mask is that of one colour exactly, before the image is fitted", () => {
  const data = Uint8Array.of(255, 0, 0, 254, 0, 0, 255, 0, 0, 0, 255, 0);
  const colours = { ...framed, height: 2, width: 2, channels: 3, data } as const;
  const pixels = (options: Parameters<typeof createTriggerImage>[1]) =>
    createImageTrigger(createTriggerImage(colours, options)).pixels([8, 8, 3]);
  assert.deepEqual(pixels({ mask: [255, 0, 0] }), [[0, 1], [1, 1]]);
  assert.deepEqual(pixels({ mask: [1, 2, 3] }).length, 4);
  const fitted = pixels({ mask: [255, 0, 0], height: 4, width: 4 });
  assert.ok(fitted.every(([, column]) => column >= 1), "the left column stays clear");
  assert.ok(fitted.length >= 8);
});

Deno.test("a mask that leaves nothing to stamp is refused", () => {
  assert.throws(
    () => createTriggerImage(plain(2, 2), { mask: [0, 0, 0] }),
    /a pixel that is not transparent nor of the mask's colour \(0,0,0\), got none/,
  );
});

Deno.test("a random place is the image's own, whatever batch it is in", () => {
  const trigger = createImageTrigger(smallImage, { place: { seed: 1 } });
  const places = Array.from({ length: 50 }, (_, i) => String(trigger.pixels([20, 20, 1], i)));
  assert.ok(new Set(places).size > 40);
  const data = new Float32Array(2 * 20 * 20);
  const twice = trigger.apply({ data, shape: [2, 20, 20, 1] as const }, { indices: [7, 7] }).data;
  assert.deepEqual(twice.subarray(0, 400), twice.subarray(400));
});
