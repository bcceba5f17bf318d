import assert from "node:assert/strict";
import { decode } from "fast-png";
import { createApp } from "../../routes/app.ts";
import { createFakePool, fakeManifest } from "./fake_pool.ts";
import { digitPng } from "./sample_image.ts";

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
