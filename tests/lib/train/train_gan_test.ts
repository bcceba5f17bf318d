import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createRandom, normal } from "../../../lib/core/random.ts";
import type { ImageBatch } from "../../../lib/core/types.ts";
import { createGan, type Gan, latentSpaceOf } from "../../../lib/model/mod.ts";
import { type GanProgress, trainGan } from "../../../lib/train/mod.ts";

await tf.setBackend("wasm");

const SIDE = 8;
const SIZE = SIDE * SIDE;

/** Images that are bright on the left or on the right, a little noisy. */
function halves(count: number): ImageBatch {
  const random = createRandom(1, "halves");
  const data = Float32Array.from({ length: count * SIZE }, (_, at) => {
    const isLeft = at % SIDE < SIDE / 2;
    const isBright = Math.floor(at / SIZE) % 2 === 0 ? isLeft : !isLeft;
    return (isBright ? 0.9 : 0.1) + 0.05 * (random.uniform() - 0.5);
  });
  return { data, shape: [count, SIDE, SIDE, 1] };
}

function smallGan(): Gan {
  return createGan({ shape: [SIDE, SIDE, 1], seed: 1, latent: 4, filters: 8 });
}

/** Generated images, each by the distance to the nearer of both kinds: a root mean square. */
function distances(gan: Gan, count: number): number[] {
  const random = createRandom(2, "latents");
  const latents = Float32Array.from({ length: count * 4 }, () => normal(random));
  const { data } = latentSpaceOf(gan).generate(latents);
  const kinds = halves(2).data;
  return Array.from({ length: count }, (_, image) =>
    Math.min(...[0, 1].map((kind) => {
      let sum = 0;
      for (let i = 0; i < SIZE; i++) {
        sum += (data[image * SIZE + i]! - kinds[kind * SIZE + i]!) ** 2;
      }
      return Math.sqrt(sum / SIZE);
    })));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

Deno.test("a generator comes to imitate its images", async () => {
  using gan = smallGan();
  const before = mean(distances(gan, 64));
  await trainGan(gan, halves(256), { epochs: 120, batchSize: 32, learningRate: 0.003, seed: 1 });
  const after = mean(distances(gan, 64));
  assert.ok(after < 0.5 * before, `${after}, before ${before}`);
});

Deno.test("the generator makes an image again from where the encoder puts it", async () => {
  using gan = smallGan();
  const images = halves(2);
  const { generate, encode } = latentSpaceOf(gan);
  const distance = () => {
    const { data } = generate(encode(images));
    return Math.sqrt(mean(Array.from(data, (value, i) => (value - images.data[i]!) ** 2)));
  };
  const before = distance();
  await trainGan(gan, halves(256), { epochs: 20, batchSize: 32, learningRate: 0.003, seed: 1 });
  const after = distance();
  assert.ok(after < 0.3 * before, `${after}, before ${before}`);
});

Deno.test("the same seed gives the same weights, and steps are said", async () => {
  const train = async (seed: number) => {
    using gan = smallGan();
    const steps: GanProgress[] = [];
    await trainGan(gan, halves(20), {
      ...{ epochs: 2, batchSize: 8, seed },
      onStep: (step) => steps.push(step),
    });
    const weights = [gan.generator, gan.encoder].flatMap((network) =>
      network.getWeights().map((weight) => Array.from(weight.dataSync()))
    );
    return { weights, steps };
  };
  const { weights, steps } = await train(1);
  assert.deepEqual(await train(1), { weights, steps });
  assert.notDeepEqual((await train(2)).weights, weights);
  assert.deepEqual(steps.map(({ step, steps }) => `${step}/${steps}`), [
    "1/4",
    "2/4",
    "3/4",
    "4/4",
  ]);
  for (const { losses } of steps) assert.ok(losses.discriminator > 0 && losses.generator > 0);
});

Deno.test("it leaves no tensor behind", async () => {
  using gan = smallGan();
  const before = tf.memory().numTensors;
  await trainGan(gan, halves(16), { epochs: 1, batchSize: 8, seed: 1 });
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("a signal stops it between two steps", async () => {
  using gan = smallGan();
  const stop = new AbortController();
  const enough = new Error("enough");
  let steps = 0;
  await assert.rejects(
    trainGan(gan, halves(64), {
      ...{ epochs: 4, batchSize: 8, seed: 1, signal: stop.signal },
      onStep: () => ++steps === 3 && stop.abort(enough),
    }),
    (error) => error === enough,
  );
  assert.equal(steps, 3);
});

Deno.test("no images, no epochs and losses that are no numbers are refused", async () => {
  using gan = smallGan();
  await assert.rejects(trainGan(gan, halves(0), { epochs: 1, seed: 1 }), {
    message: "Cannot train a GAN: there must be images and epochs, got 0 and 1",
  });
  await assert.rejects(
    trainGan(gan, halves(16), { epochs: 20, batchSize: 8, learningRate: NaN, seed: 1 }),
    /Cannot go on training a GAN: losses must be finite numbers/,
  );
});
