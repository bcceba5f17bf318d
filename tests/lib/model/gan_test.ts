import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createRandom, normal } from "../../../lib/core/random.ts";
import { createGan, latentSpaceOf } from "../../../lib/model/mod.ts";

await tf.setBackend("wasm");

function drawLatents(count: number, latent: number): Float32Array {
  const random = createRandom(1, "latents");
  return Float32Array.from({ length: count * latent }, () => normal(random));
}

for (const shape of [[28, 28, 1], [32, 32, 3], [8, 12, 2]] as const) {
  Deno.test(`a GAN for images of ${shape.join("×")}`, () => {
    using gan = createGan({ shape, seed: 1, latent: 64 });
    const { latent, generate, encode } = latentSpaceOf(gan);
    assert.equal(latent, 64);
    const images = generate(drawLatents(3, latent));
    assert.deepEqual(images.shape, [3, ...shape]);
    assert.equal(images.data.length, 3 * shape[0] * shape[1] * shape[2]);
    assert.ok(images.data.every((value) => value > 0 && value < 1));
    const scores = tf.tidy(() =>
      (gan.discriminator.apply(tf.tensor4d(images.data, [3, ...shape])) as tf.Tensor).shape
    );
    assert.deepEqual(scores, [3, 1]);
    assert.equal(encode(images).length, 3 * latent);
  });
}

Deno.test("its weights are the seed's", () => {
  const weightsOf = (seed: number) => {
    using gan = createGan({ shape: [8, 8, 1], seed, latent: 5 });
    return [gan.generator, gan.discriminator, gan.encoder].flatMap((model) =>
      model.getWeights().map((weight) => Array.from(weight.dataSync()))
    );
  };
  assert.deepEqual(weightsOf(1), weightsOf(1));
  assert.notDeepEqual(weightsOf(1), weightsOf(2));
});

Deno.test("the gradient to latent vectors is that of half the squared distance, vector by vector", () => {
  using gan = createGan({ shape: [8, 8, 1], seed: 1, latent: 5, filters: 4 });
  const { generate, gradient } = latentSpaceOf(gan);
  const latents = drawLatents(3, 5);
  const random = createRandom(2, "images");
  const data = Float32Array.from({ length: 3 * 64 }, () => random.uniform());
  const images = { data, shape: [3, 8, 8, 1] as const };
  const distanceOf = (vector: number, moved: Float32Array) => {
    const generated = generate(moved).data;
    let sum = 0;
    for (let i = 64 * vector; i < 64 * (vector + 1); i++) sum += (generated[i]! - data[i]!) ** 2;
    return sum / 2;
  };
  const slopes = gradient(latents, images);
  assert.equal(slopes.length, latents.length);
  const step = 0.002;
  for (const [at, slope] of slopes.entries()) {
    const [up, down] = [step, -step].map((by) =>
      distanceOf(Math.floor(at / 5), latents.map((z, i) => i === at ? z + by : z))
    );
    assert.ok(Math.abs(slope - (up! - down!) / (2 * step)) < 1e-3, `${at}: ${slope}`);
  }
});

Deno.test("asking a latent space leaves no tensor behind", () => {
  using gan = createGan({ shape: [8, 8, 1], seed: 1, latent: 5, filters: 4 });
  const { generate, encode, gradient } = latentSpaceOf(gan);
  const latents = drawLatents(2, 5);
  const before = tf.memory().numTensors;
  const images = generate(latents);
  encode(images);
  gradient(latents, images);
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("images whose sides are no multiples of 4 are refused", () => {
  assert.throws(() => createGan({ shape: [30, 28, 1], seed: 1, latent: 5 }), {
    name: "RangeError",
    message: "Cannot build a GAN: height and width must be multiples of 4, got 30×28",
  });
});
