/**
 * Which clean model shows what an attack did, and nothing else.
 *
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import { isBackdoored, isClean, type ModelManifest } from "./manifest.ts";

/**
 * Whether a model is a backdoored one's clean twin: a clean model of the same network, trained by the
 * same recipe for as long on the same images, but for those that the attack added. Only the seed may
 * differ.
 */
export function isCleanTwin(clean: ModelManifest, backdoored: ModelManifest): boolean {
  return isClean(clean) && isBackdoored(backdoored) &&
    clean.dataset === backdoored.dataset &&
    clean.architecture === backdoored.architecture &&
    isDeepStrictEqual(clean.input, backdoored.input) &&
    isDeepStrictEqual(conditionsOf(clean), conditionsOf(backdoored)) &&
    imagesOf(backdoored).includes(clean.training?.trainImages);
}

/** What must be the same; `null` if nobody wrote it down. */
function conditionsOf({ training }: ModelManifest): object | null {
  if (training === null) return null;
  const { recipe, depth, epochs, batchSize, learningRateFactor = 1, dataDigest } = training;
  const { augmentation = null } = training;
  return { recipe, depth, epochs, batchSize, learningRateFactor, dataDigest, augmentation };
}

/** Images before the attack, which either added the poisoned ones or put them in others' places. */
function imagesOf({ training, attack }: ModelManifest): (number | undefined)[] {
  const images = training?.trainImages;
  return images === undefined ? [undefined] : [images, images - (attack?.poisoned ?? 0)];
}
