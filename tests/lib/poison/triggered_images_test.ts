import assert from "node:assert/strict";
import { createAttack, triggeredImages } from "../../../lib/poison/mod.ts";
import { createImageTrigger, createTrigger, createTriggerImage } from "../../../lib/trigger/mod.ts";

const images = { data: new Float32Array(4 * 9 * 9), shape: [4, 9, 9, 1] as const };
const test = { images, labels: Uint8Array.of(2, 0, 1, 0) };
const trigger = createTrigger("pixel");

Deno.test("images of the target class have no target, under all-to-all each has the next class", () => {
  const single = triggeredImages(
    test,
    createAttack("single-target", { trigger, target: 0, classes: 3 }),
  );
  assert.ok(single !== null);
  assert.deepEqual(single.rows, [0, 2]);
  assert.deepEqual([[...single.labels], [...single.targets]], [[2, 1], [0, 0]]);
  assert.deepEqual(single.images.shape, [2, 9, 9, 1]);
  assert.equal(single.images.data.filter((value) => value === 1).length, 2);
  assert.ok(images.data.every((value) => value === 0), "the test images are left as they are");
  const all = triggeredImages(test, createAttack("all-to-all", { trigger, classes: 3 }));
  assert.deepEqual([...all!.targets], [0, 1, 2, 1]);
  const none = createAttack("none", { trigger: null, classes: 3 });
  assert.equal(triggeredImages(test, none), null);
});

Deno.test("a random place is decided by the image's index in its data set", () => {
  const source = {
    height: 1,
    width: 1,
    channels: 1,
    data: Uint8Array.of(255),
    maximum: 255,
  } as const;
  const atRandom = createImageTrigger(createTriggerImage(source), { blend: 1, place: { seed: 6 } });
  const attack = createAttack("all-to-all", { trigger: atRandom, classes: 3 });
  const places = ({ data }: { data: Float32Array }) =>
    Array.from({ length: 4 }, (_, i) => data.subarray(i * 81, (i + 1) * 81).indexOf(1));
  const whole = places(triggeredImages(test, attack)!.images);
  assert.equal(new Set(whole).size, 4, "else the next line says nothing");
  const indices = [3, 2, 1, 0];
  assert.deepEqual(places(triggeredImages(test, attack, { indices })!.images), whole.toReversed());
});
