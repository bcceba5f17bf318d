import assert from "node:assert/strict";
import {
  createImageTrigger,
  createTriggerImage,
  MAX_TRIGGER_PIXELS,
  type SourceImage,
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

Deno.test("a random place is the image's own, whatever batch it is in", () => {
  const trigger = createImageTrigger(smallImage, { place: { seed: 1 } });
  const places = Array.from({ length: 50 }, (_, i) => String(trigger.pixels([20, 20, 1], i)));
  assert.ok(new Set(places).size > 40);
  const data = new Float32Array(2 * 20 * 20);
  const twice = trigger.apply({ data, shape: [2, 20, 20, 1] as const }, { indices: [7, 7] }).data;
  assert.deepEqual(twice.subarray(0, 400), twice.subarray(400));
});
