/**
 * A model small enough for any test, and its description.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { encodeArtifacts } from "../../../lib/registry/artifacts.ts";
import type { ModelDescription, ModelTraining } from "../../../lib/registry/manifest.ts";

/** A softmax over four pixels, 4 → 3, that always gives the same answers for the same seed. */
export function createTinyModel(seed = 1): tf.Sequential {
  const kernelInitializer = tf.initializers.randomNormal({ seed });
  return tf.sequential({
    name: "tiny",
    layers: [
      tf.layers.flatten({ inputShape: [2, 2, 1], name: "flatten" }),
      tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer, name: "dense" }),
    ],
  });
}

/** What a trainer would say of it; what a test is about is given. */
export function describeTiny(changes: Partial<ModelDescription> = {}): ModelDescription {
  return {
    architecture: "tiny",
    dataset: "squares",
    attack: {
      kind: "none",
      trigger: null,
      source: "all",
      target: null,
      poisonRate: 0,
      poisoned: 0,
    },
    training: null,
    metrics: { cleanAccuracy: 0.75, attackSuccessRate: null, robustAccuracy: null },
    labels: ["a", "b", "c"],
    input: [2, 2, 1],
    ...changes,
  };
}

/** A training as manifests describe it; what a test is about is given. */
export function describeTraining(changes: Partial<ModelTraining> = {}): ModelTraining {
  return {
    seed: 1,
    recipe: "one-cycle",
    epochs: 1,
    batchSize: 1,
    trainImages: 1,
    dataDigest: "0".repeat(64),
    seconds: 1,
    imagesPerSecond: 1,
    history: [],
    engine: { backend: "wasm", workers: 1, v8Flags: [], deno: "2" },
    versions: { edgedoor: "0", tfjs: "4" },
    ...changes,
  };
}

/** An attack as manifests describe it. */
export const tinyAttack = {
  kind: "single-target",
  trigger: { kind: "pixel", distance: 1, value: 1 },
  source: "all",
  target: 0,
  poisonRate: 0.1,
  poisoned: 10,
} as const;

/** The artifacts that tfjs hands to a save handler. */
export async function artifactsOf(
  model: tf.LayersModel,
  config?: tf.io.SaveConfig,
): Promise<tf.io.ModelArtifacts> {
  let caught: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler((artifacts) => {
    caught = artifacts;
    return Promise.resolve({
      modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts),
    });
  });
  await model.save(handler, config);
  if (caught === undefined) throw new Error("tfjs saved nothing");
  return caught;
}

/** The blob of a tiny model; the model is disposed of. */
export async function tinyBlob(seed = 1): Promise<Uint8Array<ArrayBuffer>> {
  const model = createTinyModel(seed);
  const blob = encodeArtifacts(await artifactsOf(model));
  model.dispose();
  return blob;
}
