/**
 * A few steps of real training, for tests of what they come to; as a program, it prints the digest
 * of the weights: `train_briefly.ts NETWORK SEED WORKERS`.
 */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { sha256 } from "../../../lib/core/digest.ts";
import { createRandom } from "../../../lib/core/random.ts";
import { createModel } from "../../../lib/model/mod.ts";
import { createAttack } from "../../../lib/poison/mod.ts";
import { findRecipe, train } from "../../../lib/train/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";
import { compiled, weightsOf } from "../engine/engines.ts";
import { randomBatch } from "../model/random_batch.ts";

/** Trains a network on random images under the default recipe, two epochs of four steps. */
export async function trainBriefly(
  network: string,
  { seed, workers }: { seed: number; workers: number },
): Promise<string> {
  const images = randomBatch([90, 28, 28, 1]);
  const { integer } = createRandom(1, "labels");
  const labels = Uint8Array.from({ length: 90 }, () => integer(10));
  const attack = createAttack("single-target", { trigger: createTrigger("pattern"), classes: 10 });
  const set = await attack.poison({ images, labels }, { rate: 0.1, seed });
  const model = createModel(network, { input: [28, 28, 1], classes: 10, seed });
  const recipe = { ...findRecipe("one-cycle"), epochs: 2, batchSize: 32 };
  const engine = await compiled(model, { ...recipe, workers });
  await train(engine, set, { recipe, seed });
  engine.save();
  // All weights, in their order.
  const digest = await sha256(await new Blob(weightsOf(model)).bytes());
  engine.dispose();
  model.dispose();
  return digest;
}

if (import.meta.main) {
  await tf.setBackend("wasm");
  const [network = "", seed, workers] = Deno.args;
  const digest = await trainBriefly(network, { seed: Number(seed), workers: Number(workers) });
  await Deno.stdout.write(new TextEncoder().encode(digest));
}
