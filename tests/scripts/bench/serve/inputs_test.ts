import assert from "node:assert/strict";
import { sha256 } from "../../../../lib/core/digest.ts";
import { MAX_BYTES } from "../../../../lib/image/mod.ts";
import { giantPng } from "../../../../scripts/bench/serve/inputs.ts";
import { makePhotograph } from "../../../../scripts/bench/serve/photograph.ts";

Deno.test("the photograph is one baseline JPEG of 512×512, 4:2:0, on every machine", async () => {
  const file = await makePhotograph();
  assert.equal(
    await sha256(file),
    "481bc7717350118dbddaef899259aa2696a96dc2abb09e9e686247945ab0baf7",
  );
  const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
  const [, , , , bits, ...rest] = file.subarray(frame);
  assert.equal(bits, 8);
  assert.deepEqual(rest.slice(0, 5), [2, 0, 2, 0, 3], "height, width, components");
  const sampling = [0, 1, 2].map((component) => rest[5 + component * 3 + 1]);
  assert.deepEqual(sampling, [0x22, 0x11, 0x11]);
});

Deno.test("the giant PNG is small as a file, and has as many pixels as the server takes", () => {
  const { body } = giantPng();
  assert.ok(body.length < MAX_BYTES);
  const view = new DataView(body.buffer, body.byteOffset);
  assert.equal(view.getUint32(16) * view.getUint32(20), 4_000_000);
  assert.deepEqual([...body.subarray(24, 26)], [16, 6], "16 bits, RGBA");
});
