/**
 * Verdicts on an image that a model is given.
 *
 * @module
 */

import { fromUser } from "../../core/errors.ts";
import { phase } from "../../core/phase.ts";
import { thresholdAt } from "../../core/threshold_at.ts";
import type { Image, ImageBatch } from "../../core/types.ts";
import { calibrateWithScores, type InputDefence, type InputModel } from "../../defence/mod.ts";
import type { JobContext } from "../context.ts";
import { inHundredths } from "./in_hundredths.ts";

/** What a defence says of an image. */
export interface InputVerdict {
  readonly method: string;
  readonly title: string;
  /** Whether the method is no defence, but what one has to be better than. */
  readonly isNullModel: boolean;
  /** The larger, the more suspicious. */
  readonly score: number;
  /** From clean images: what scores above it is refused. */
  readonly threshold: number;
  /** Of clean images, at most this share is refused. */
  readonly falseAlarmRate: number;
  readonly refused: boolean;
  /** Number of clean images that scored lower, and of all that the threshold is from. */
  readonly clean: { readonly below: number; readonly scored: number };
  /** Scores of those, ascending, for drawing. */
  readonly scores: Float32Array;
  /** Images that the model reads for the score of one. */
  readonly forwards: number;
  /** That it took to score the image, without calibration. */
  readonly seconds: number;
}

/**
 * Screens an image. Half of the clean images make the defence's profile, the others its threshold.
 *
 * @param model The model.
 * @param image Of the model's size.
 * @param options `clean`: images that are certain to carry no trigger; `rate`: of false alarms.
 * @throws {UsageError} If the clean images are too few for the rate.
 * @throws {RangeError} If the model lacks what the defence needs.
 * @throws The signal's reason, if it fires.
 */
export async function screenInput(
  model: InputModel,
  { data, shape }: Image,
  { defence, clean, rate, seed, context }: {
    readonly defence: InputDefence;
    readonly clean: ImageBatch;
    readonly rate: number;
    readonly seed: number;
    readonly context: Pick<JobContext, "onEvent" | "signal">;
  },
): Promise<InputVerdict> {
  const { name: method, title, isNullModel, forwards } = defence;
  const { signal } = context;
  const { profile, scores } = await phase(
    `calibrating ${title}`,
    context,
    (onStep) =>
      calibrateWithScores(defence, { model, clean }, {
        ...{ seed, signal, fit: Math.floor(clean.shape[0] / 2) },
        onProgress: inHundredths(onStep),
      }),
  );
  const threshold = fromUser(() => thresholdAt(scores, rate));
  const began = performance.now();
  const { scores: [score] } = await defence.score(
    model,
    { data, shape: [1, ...shape] },
    profile,
    { signal },
  );
  return {
    ...{ method, title, isNullModel, forwards, threshold, scores },
    score: score!,
    falseAlarmRate: rate,
    refused: score! > threshold,
    clean: { below: scores.filter((other) => other < score!).length, scored: scores.length },
    seconds: (performance.now() - began) / 1000,
  };
}
