import assert from "node:assert/strict";
import {
  createImageTrigger,
  createSequence,
  createTrigger,
  createTriggerImage,
} from "../../../lib/trigger/mod.ts";

const pixel = createTrigger("pixel");
const dark = createTrigger("pixel", { value: 0 });

Deno.test("triggers are stamped in their order", () => {
  const image = { data: new Float32Array(9).fill(0.5), shape: [3, 3, 1] } as const;
  assert.equal(createSequence([pixel, dark]).apply(image).data[4], 0);
  assert.equal(createSequence([dark, pixel]).apply(image).data[4], 1);
});

Deno.test("a sequence of one is that one, and one of none is refused", () => {
  assert.equal(createSequence([pixel]), pixel);
  assert.throws(() => createSequence([]), /one or more, got none/);
});

Deno.test("a sequence in a sequence is laid open", () => {
  const { manifest } = createSequence([createSequence([pixel, dark]), pixel]);
  assert.ok(manifest.kind === "sequence");
  assert.deepEqual(manifest.triggers, [pixel, dark, pixel].map((one) => one.manifest));
});

Deno.test("a manifest that no model's could hold is refused", () => {
  const white = new Uint8Array(64 * 64).fill(255);
  const large = createImageTrigger(
    createTriggerImage({ height: 64, width: 64, channels: 1, data: white, maximum: 255 }),
  );
  assert.throws(() => createSequence([large, large]), /at most 32768 characters, got/);
});
