/**
 * A profile, and the scores of clean images that it was not made of.
 *
 * @module
 */

import { createRandom } from "../../core/random.ts";
import { selectImages } from "../../core/select_images.ts";
import type { ImageBatch } from "../../core/types.ts";
import type { Cost, DefenceOptions } from "../defence.ts";
import type { InputDefence, InputModel } from "./input_defence.ts";
import type { Profile } from "./profile.ts";

/** What it takes to choose a threshold. */
export interface CalibratedDefence {
  readonly profile: Profile;
  /** Of the clean images that the profile was not made of, ascending. */
  readonly scores: Float32Array;
  readonly cost: Cost;
}

/**
 * Makes a profile of some clean images, and scores the others: those that a profile is made of score
 * lower than images to come.
 *
 * @param clean Images without a trigger, `(N, H, W, C)`, values in 0–1.
 * @param options `fit`: how many of them, drawn by the seed, the profile is made of, below N.
 * @throws {RangeError} If no image is left, and as `calibrate`.
 * @throws The signal's reason, if it fires.
 */
export async function calibrateWithScores(
  defence: InputDefence,
  { model, clean }: { readonly model: InputModel; readonly clean: ImageBatch },
  { fit, onProgress, ...options }: DefenceOptions & { readonly fit: number },
): Promise<CalibratedDefence> {
  const [count] = clean.shape;
  if (!Number.isInteger(fit) || fit < 1 || fit >= count) {
    throw new RangeError(
      `Cannot calibrate ${defence.title}: the images that the profile is made of must be from 1 to ` +
        `${count - 1} of ${count}, got ${fit}; the others are scored`,
    );
  }
  const rows = createRandom(options.seed, "split").shuffle(Uint32Array.from(Array(count).keys()));
  const [ahead, behind] = [
    defence.calibrationForwards(fit, model),
    (count - fit) * defence.forwards,
  ];
  const share = ahead / (ahead + behind);
  const { profile, cost } = await defence.calibrate(
    model,
    selectImages(clean, rows.subarray(0, fit)),
    { ...options, onProgress: (part) => onProgress?.(part * share) },
  );
  const { scores, cost: further } = await defence.score(
    model,
    selectImages(clean, rows.subarray(fit)),
    profile,
    { signal: options.signal, onProgress: (part) => onProgress?.(share + part * (1 - share)) },
  );
  const forwards = cost.forwards + further.forwards;
  return { profile, scores: scores.toSorted(), cost: { forwards, backwards: 0 } };
}
