/**
 * A few steps of real training, for tests of what they come to; as a program, it prints the digest
 * of the weights: `train_briefly.ts NETWORK SEED`.
 */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { sha256 } from "../../../lib/core/digest.ts";
import { createRandom } from "../../../lib/core/random.ts";
import { createModel } from "../../../lib/model/mod.ts";
import { createAttack } from "../../../lib/poison/mod.ts";
import { findRecipe, train } from "../../../lib/train/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";
import { randomBatch } from "../model/random_batch.ts";

/** Trains a network on random images under the default recipe, two epochs of four steps. */
export async function trainBriefly(network: string, seed: number): Promise<string> {
  const images = randomBatch([90, 28, 28, 1]);
  const { integer } = createRandom(1, "labels");
  const labels = Uint8Array.from({ length: 90 }, () => integer(10));
  const attack = createAttack("single-target", { trigger: createTrigger("pattern"), classes: 10 });
  const set = attack.poison({ images, labels }, { rate: 0.1, seed });
  const model = createModel(network, { input: [28, 28, 1], classes: 10, seed });
  await train(model, set, {
    recipe: { ...findRecipe("one-cycle"), epochs: 2, batchSize: 32 },
    seed,
  });
  const digest = await digestOf(model);
  model.dispose();
  return digest;
}

/** The digest of all weights, in their order. */
async function digestOf(model: tf.LayersModel): Promise<string> {
  const weights = model.getWeights().map((weight) => weight.dataSync<"float32">().slice());
  return await sha256(await new Blob(weights).bytes());
}

if (import.meta.main) {
  await tf.setBackend("wasm");
  const [network = "", seed] = Deno.args;
  const digest = await trainBriefly(network, Number(seed));
  await Deno.stdout.write(new TextEncoder().encode(digest));
}
