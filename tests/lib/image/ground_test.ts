import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseGround } from "../../../lib/image/ground.ts";

Deno.test("an image without alpha has no ground to choose", () => {
  for (const channels of [1, 3] as const) {
    assert.equal(chooseGround({ channels, data: new Uint8Array(6), maximum: 255 }, 1), 0);
  }
});

Deno.test("nothing that is visible needs no ground either", () => {
  assert.equal(chooseGround({ channels: 2, data: [255, 0, 0, 0], maximum: 255 }, 1), 0);
});

Deno.test("the border between black and white lies at a fifth, at any opacity and depth", () => {
  const inks = fc.record({
    alpha: fc.integer({ min: 1, max: 255 }),
    channels: fc.constantFrom(1, 3),
  });
  fc.assert(fc.property(inks, ({ alpha, channels }) => {
    const ground = (grey: number, maximum: 255 | 65535) => {
      const data = [grey, alpha, 0, 0].map((sample) => sample * maximum / 255);
      return chooseGround({ channels: 2, data, maximum }, channels as 1 | 3);
    };
    for (const maximum of [255, 65535] as const) {
      assert.equal(ground(50, maximum), 1);
      assert.equal(ground(52, maximum), 0);
    }
  }));
});

Deno.test("one pixel that shows keeps black; a trace of one does not", () => {
  const page = (light: number) =>
    chooseGround({ channels: 2, data: [0, 255, 0, 200, 255, light, 0, 0], maximum: 255 }, 1);
  assert.equal(page(60), 0);
  assert.equal(page(40), 1);
});
