/**
 * Verdicts on a model.
 *
 * @module
 */

import { fromUser } from "../../core/errors.ts";
import { phase } from "../../core/phase.ts";
import type { ImageBatch, ImageShape } from "../../core/types.ts";
import {
  type ModelDefence,
  type ModelFinding,
  nullOf,
  type NullThreshold,
  type PopulationCalibration,
  pValue,
  type SuspectModel,
  thresholdOfNull,
} from "../../defence/mod.ts";
import type { JobContext } from "../context.ts";
import { inHundredths } from "./in_hundredths.ts";

/** What a defence has found in a model, and how long it took. */
export interface TimedFinding extends ModelFinding {
  readonly method: string;
  readonly title: string;
  readonly seconds: number;
}

/** What a defence says of a model. */
export interface ModelVerdict extends TimedFinding {
  readonly suspicious: boolean;
  /** The class that a backdoor would lead to; `null` for a model that is not suspicious. */
  readonly target: number | null;
  /** What clean models of the same kind come to. */
  readonly null: NullThreshold;
  /** Of the statistic among those of the clean models. */
  readonly pValue: number;
}

/**
 * Lets a defence inspect a model.
 *
 * @param defence It is given clean images only if it needs any.
 * @param options `shape`: of the images that the model takes.
 * @throws {RangeError} If the clean images are too few, or the model has fewer than three classes.
 * @throws The signal's reason, if it fires.
 */
export async function inspectModel(
  model: SuspectModel,
  defence: ModelDefence,
  { shape, clean, seed, context }: {
    readonly shape: ImageShape;
    readonly clean: ImageBatch | null;
    readonly seed: number;
    readonly context: Pick<JobContext, "onEvent" | "signal">;
  },
): Promise<TimedFinding> {
  const { name: method, title, cleanImages } = defence;
  const subject = { model, shape, clean: cleanImages > 0 ? clean : null };
  const { signal } = context;
  const began = performance.now();
  const finding = await phase(
    `inspecting the model by ${title}`,
    context,
    (onStep) => defence.inspect(subject, { ...{ seed, signal }, onProgress: inHundredths(onStep) }),
  );
  return { method, title, ...finding, seconds: (performance.now() - began) / 1000 };
}

/**
 * Judges what a defence has found by clean models of the same kind.
 *
 * @param options `sha256`: digest of the model's weights; `cleanImages`: how many images the defence was
 * given, 0 if it takes none; `rate`: of false alarms, that is aimed at.
 * @throws {UsageError} If the clean models were inspected otherwise, or are too few.
 */
export function judgeModel(
  finding: TimedFinding,
  calibration: PopulationCalibration,
  { sha256, cleanImages, rate }: {
    readonly sha256: string;
    readonly cleanImages: number;
    readonly rate?: number | undefined;
  },
): ModelVerdict {
  const { method, statistic, suspect } = finding;
  const { statistics } = nullOf(calibration, {
    ...{ asks: "model", method, except: sha256, cleanImages },
  });
  const found = fromUser(() => thresholdOfNull(statistics, rate));
  const suspicious = statistic > found.threshold;
  return {
    ...finding,
    suspicious,
    target: suspicious ? suspect : null,
    null: found,
    pValue: pValue(statistic, statistics),
  };
}
