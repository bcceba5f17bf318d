/**
 * What models say to an image, as it goes over the wire.
 *
 * @module
 */

import type { Image, ImageBatch } from "../../lib/core/types.ts";
import { backdooredOf, type ServedManifest } from "../../lib/registry/mod.ts";
import type { ModelPool } from "../../lib/serve/mod.ts";
import type { Prediction } from "./attack_answer.ts";

/** What a model is asked. */
export interface Question {
  readonly manifest: ServedManifest;
  /** One or more, in the shape of the model's input. */
  readonly images: readonly Image[];
  /** Of the client: when it has gone, nothing is classified for it any more. */
  readonly signal: AbortSignal;
}

/**
 * Asks one model for some images, all at once.
 *
 * @param pool Loads the model.
 * @returns An answer for each image.
 * @throws The signal's reason.
 */
export async function predict(
  pool: ModelPool,
  { manifest, images, signal }: Question,
): Promise<Prediction[]> {
  const model = await pool.load(manifest);
  const values = await model.predict(batchOf(images), { signal });
  const classes = values.length / images.length;
  return images.map((_, i) => {
    const probabilities = Array.from({ length: classes }, (_, k) => values[i * classes + k]!);
    const confidence = Math.max(...probabilities);
    return {
      model: manifest.name,
      backdoored: backdooredOf(manifest),
      cleanAccuracy: manifest.metrics?.cleanAccuracy ?? null,
      label: probabilities.indexOf(confidence),
      confidence,
      probabilities,
    };
  });
}

function batchOf(images: readonly Image[]): ImageBatch {
  const [{ data, shape }] = images as [Image];
  if (images.length === 1) return { data, shape: [1, ...shape] };
  const all = new Float32Array(images.length * data.length);
  images.forEach((image, i) => all.set(image.data, i * data.length));
  return { data: all, shape: [images.length, ...shape] };
}
