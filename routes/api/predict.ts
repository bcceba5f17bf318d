/**
 * What models say to an image, as it goes over the wire.
 *
 * @module
 */

import type { Image } from "../../lib/core/types.ts";
import { backdooredOf, type ServedManifest } from "../../lib/registry/mod.ts";
import type { ModelPool } from "../../lib/serve/mod.ts";

/** One model's answer. */
export interface Prediction {
  /** The model's name. */
  readonly model: string;
  /** `null` if it is not known. */
  readonly backdoored: boolean | null;
  /** On its whole test set, a fraction; `null` if it was not measured. */
  readonly cleanAccuracy: number | null;
  /** The most probable class; the first of them where two are equal. */
  readonly label: number;
  /** Its probability, 0–1. */
  readonly confidence: number;
  /** The probability of each class, 0–1. */
  readonly probabilities: readonly number[];
}

/**
 * Asks one model for one image.
 *
 * @param pool Loads the model.
 * @param question The model, and the image in the shape of the model's input.
 */
export async function predict(
  pool: ModelPool,
  { manifest, image }: { manifest: ServedManifest; image: Image },
): Promise<Prediction> {
  const model = await pool.load(manifest);
  const probabilities = [
    ...await model.predict({ data: image.data, shape: [1, ...image.shape] }),
  ];
  const confidence = Math.max(...probabilities);
  return {
    model: manifest.name,
    backdoored: backdooredOf(manifest),
    cleanAccuracy: manifest.metrics?.cleanAccuracy ?? null,
    label: probabilities.indexOf(confidence),
    confidence,
    probabilities,
  };
}
