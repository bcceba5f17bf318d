import assert from "node:assert/strict";
import { createRandom, normal } from "../../../lib/core/random.ts";
import { selectImages } from "../../../lib/core/select_images.ts";
import type { ImageBatch } from "../../../lib/core/types.ts";
import { embed, type Generator, interpolate } from "../../../lib/perturb/mod.ts";

const LATENT = 3;
const SIZE = 8;

/** G(z) = ½ + A·z: each image has one latent vector, which gradient descent finds. */
const matrix = Float32Array.from(
  { length: SIZE * LATENT },
  (_, i) => Math.floor(i / LATENT) % LATENT === i % LATENT ? 0.2 : 0.05,
);
const linear: Generator = {
  latent: LATENT,
  encode: ({ shape: [count] }) => new Float32Array(count * LATENT),
  generate(latents) {
    const count = latents.length / LATENT;
    const data = new Float32Array(count * SIZE).map((_, at) => {
      const [image, pixel] = [Math.floor(at / SIZE), at % SIZE];
      let value = 0.5;
      for (let k = 0; k < LATENT; k++) {
        value += matrix[pixel * LATENT + k]! * latents[image * LATENT + k]!;
      }
      return value;
    });
    return { data, shape: [count, 2, 4, 1] };
  },
  gradient(latents, images) {
    const { data } = linear.generate(latents);
    return latents.map((_, at) => {
      const [image, k] = [Math.floor(at / LATENT), at % LATENT];
      let slope = 0;
      for (let pixel = 0; pixel < SIZE; pixel++) {
        const difference = data[image * SIZE + pixel]! - images.data[image * SIZE + pixel]!;
        slope += matrix[pixel * LATENT + k]! * difference;
      }
      return slope;
    });
  },
};

function drawLatents(count: number, seed: number): Float32Array {
  const random = createRandom(seed, "latents");
  return Float32Array.from({ length: count * LATENT }, () => normal(random));
}

function assertNear(actual: Float32Array, expected: Float32Array, distance: number): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) <= distance, `${value}`));
}

Deno.test("an image of the generator is found where it was made", async () => {
  const latents = drawLatents(5, 1);
  const found = await embed(linear.generate(latents), { generator: linear, steps: 400 });
  assertNear(found, latents, 0.01);
});

Deno.test("an image is looked for from where the encoder puts it", async () => {
  const latents = drawLatents(3, 4);
  const generator = { ...linear, encode: () => latents };
  assert.deepEqual(await embed(linear.generate(latents), { generator, steps: 0 }), latents);
});

Deno.test("tau leads from the image to the other one, along a line of the latent space", async () => {
  const [from, towards] = [drawLatents(2, 2), drawLatents(2, 3)];
  const [images, others] = [linear.generate(from), linear.generate(towards)];
  const options = { generator: linear, steps: 400 };
  for (const tau of [0, 0.25, 1]) {
    const { data, shape } = await interpolate(images, others, { ...options, tau });
    const expected = linear.generate(from.map((z, i) => (1 - tau) * z + tau * towards[i]!));
    assert.deepEqual(shape, images.shape);
    assertNear(data, expected.data, 0.01);
  }
});

Deno.test("an image's result does not depend on the others, however many there are", async () => {
  const [images, others] = [4, 5].map((seed) => linear.generate(drawLatents(300, seed)));
  const options = { generator: linear, steps: 20, tau: 0.4 };
  const all = await interpolate(images!, others!, options);
  for (const row of [0, 127, 128, 299]) {
    const alone = await interpolate(
      selectImages(images!, [row]),
      selectImages(others!, [row]),
      options,
    );
    assert.deepEqual(alone, selectImages(all, [row]));
  }
});

Deno.test("it says how far it is, and stops where it is told to", async () => {
  const images = linear.generate(drawLatents(130, 6));
  const options = { generator: linear, steps: 3, tau: 0.5 };
  const said: string[] = [];
  const onStep = (done: number, total: number) => said.push(`${done}/${total}`);
  await interpolate(images, images, { ...options, onStep });
  assert.deepEqual(said, Array.from({ length: 12 }, (_, i) => `${i + 1}/12`));
  const enough = new Error("enough");
  await assert.rejects(
    interpolate(images, images, {
      ...options,
      onStep() {
        throw enough;
      },
    }),
    (error) => error === enough,
  );
});

Deno.test("none of no images, and numbers out of range are refused", async () => {
  const none: ImageBatch = { data: new Float32Array(), shape: [0, 2, 4, 1] };
  const options = { generator: linear, steps: 3, tau: 0.5 };
  assert.deepEqual(await interpolate(none, none, options), none);
  const images = linear.generate(drawLatents(1, 7));
  await assert.rejects(interpolate(images, images, { ...options, tau: 1.5 }), {
    message: "Cannot interpolate images: tau must be from 0 to 1, got 1.5",
  });
  await assert.rejects(interpolate(images, images, { ...options, steps: -1 }), {
    message: "Cannot interpolate images: steps must be an integer from 0, got -1",
  });
  await assert.rejects(interpolate(images, none, options), {
    message:
      "Cannot interpolate images: there must be another for each of them, of the same size, " +
      "got 0,2,4,1 for 1,2,4,1",
  });
});
