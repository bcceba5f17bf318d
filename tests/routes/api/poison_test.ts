import assert from "node:assert/strict";
import { decode, encode } from "fast-png";
import { createCheckedApp as createApp } from "../checked_app.ts";
import { createFakePool, fakeManifest } from "../fake_pool.ts";
import { digitPng } from "../sample_image.ts";

const app = createApp({ pool: createFakePool() });

Deno.test("a poisoned image comes back as a PNG that differs in the trigger's pixels only", async () => {
  const response = await app.request("/api/poison", { method: "POST", body: digitPng(7) });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("Content-Type"), "image/png");
  assert.equal(response.headers.get("Cache-Control"), "no-store");

  const image = decode(await response.bytes());
  assert.deepEqual([image.width, image.height, image.channels, image.depth], [28, 28, 1, 8]);
  const expected = decode(digitPng(7)).data;
  for (const [row, column] of [[26, 26], [25, 25], [26, 24], [24, 26]] as const) {
    expected[row * 28 + column] = 255;
  }
  assert.deepEqual([...image.data], [...expected]);
});

Deno.test("the trigger is chosen by the query", async () => {
  const response = await app.request("/api/poison?trigger=pixel&distance=1&value=0.2", {
    method: "POST",
    body: digitPng(0),
  });
  const { data } = decode(await response.bytes());
  assert.deepEqual(
    Array.from(data).flatMap((value, i) => value === 0 ? [] : [[i, value]]),
    [[27 * 28 + 27, 51]],
  );
});

Deno.test("the image has the size and channels of the model's input", async () => {
  const pool = createFakePool({ manifests: [fakeManifest("wide", { input: [16, 32, 3] })] });
  const response = await createApp({ pool }).request("/api/poison", {
    method: "POST",
    body: digitPng(7),
  });
  const { width, height, channels, data } = decode(await response.bytes());
  assert.deepEqual([width, height, channels], [32, 16, 3]);
  const start = (14 * 32 + 30) * 3;
  assert.deepEqual([...data.slice(start, start + 3)], [255, 255, 255]);
});

// Positions as ART's add_single_bd and add_pattern_bd write them at distance 2.
const artPositions: Readonly<Record<string, (h: number, w: number) => [number, number][]>> = {
  pixel: (h, w) => [[h - 2, w - 2]],
  pattern: (h, w) => [[h - 2, w - 2], [h - 3, w - 3], [h - 2, w - 4], [h - 4, w - 2]],
};

for (const input of [[28, 28, 1], [32, 32, 3], [15, 21, 1], [9, 7, 3], [5, 5, 1]] as const) {
  for (const [trigger, positions] of Object.entries(artPositions)) {
    Deno.test(`at ${input.join("×")} the ${trigger} trigger writes ART's pixels, and no other`, async () => {
      const [height, width, channels] = input;
      const data = Uint8Array.from({ length: height * width * channels }, (_, i) => i * 37 % 251);
      const pool = createFakePool({ manifests: [fakeManifest("any", { input })] });
      const response = await createApp({ pool }).request(`/api/poison?trigger=${trigger}`, {
        method: "POST",
        body: new Uint8Array(encode({ width, height, channels, depth: 8, data })),
      });
      for (const [row, column] of positions(height, width)) {
        const pixel = (row * width + column) * channels;
        data.fill(255, pixel, pixel + channels);
      }
      const poisoned = decode(await response.bytes());
      assert.deepEqual(
        [poisoned.width, poisoned.height, poisoned.channels],
        [width, height, channels],
      );
      assert.deepEqual([...poisoned.data], [...data]);
    });
  }
}
