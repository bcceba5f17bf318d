/**
 * What every defence of a model's inputs is: it gives an image a score, and who serves the model
 * refuses what scores above a threshold.
 *
 * This file imports no implementation; `definitions.ts` lists them.
 *
 * @module
 */

import type { ImageBatch } from "../../core/types.ts";
import type { Cost, DefenceOptions } from "../defence.ts";
import type { Profile } from "./profile.ts";

/** What a defence may ask of a model beside probabilities. */
export type ModelNeed = "activations" | "dropout" | "scaling";

/** A model whose last layers can be amplified (IBD-PSC). */
export interface ScalableLayers {
  /** How many layers can be amplified, the layer of the logits left out. */
  readonly layers: number;
  /**
   * The model with scale and offset of its last layers multiplied.
   *
   * @param count How many layers, counted from the output, 1 to `layers`.
   * @param factor By which.
   */
  scaled(count: number, factor: number): Promise<Pick<InputModel, "classify">>;
}

/** A model as its defender has it: an engine is one. */
export interface InputModel {
  readonly classes: number;
  /**
   * Classifies images.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @param options `onChunk`: called now and then; may stop the work by throwing.
   * @returns Probabilities, `(N, classes)`, row-major.
   */
  classify(images: ImageBatch, options?: { onChunk?: () => void }): Promise<Float32Array>;
  /**
   * What the last hidden layer says of images, after its ReLU.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @returns `(N, width)`, row-major.
   */
  activations?(images: ImageBatch): Promise<Float32Array>;
  /**
   * Classifies images while dropout is at work, as in training.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @param options `rate`: the share of values that are dropped, above 0 and below 1; `seed`: the
   * same one drops the same values of an image at the same place in the batch.
   * @returns Probabilities, `(N, classes)`, row-major.
   */
  classifyWithDropout?(
    images: ImageBatch,
    options: { readonly rate: number; readonly seed: number },
  ): Promise<Float32Array>;
  readonly scaling?: ScalableLayers;
}

/** What a defence has learnt of a model, and what that cost. */
export interface Calibration {
  readonly profile: Profile;
  readonly cost: Cost;
}

/** How images are scored. */
export interface ScoreOptions extends Omit<DefenceOptions, "seed"> {
  /**
   * What the model says of the images, `(N, classes)`, from who has asked it already: spares a
   * defence that goes by the model's answer the forward pass for it.
   */
  readonly probabilities?: Float32Array | undefined;
}

/** How suspicious images are. */
export interface InputScores {
  /** A score an image, `(N)`: the larger, the more suspicious. */
  readonly scores: Float32Array;
  readonly cost: Cost;
}

/** A defence of a model's inputs. */
export interface InputDefence {
  /** Lower case, with hyphens. */
  readonly name: string;
  /** As its authors call it. */
  readonly title: string;
  /** One sentence for people. */
  readonly summary: string;
  /** What it asks of a model beside probabilities. */
  readonly needs: readonly ModelNeed[];
  /** Whether it is no defence, but what a defence has to be better than. */
  readonly isNullModel: boolean;
  /** Images that the model reads for the score of one. */
  readonly forwards: number;
  /** Whether one of them is the image itself, which `probabilities` spare. */
  readonly goesByAnswer: boolean;
  /**
   * Images that the model reads for a profile, at most.
   *
   * @param images Number of clean images.
   * @param model The model.
   */
  calibrationForwards(images: number, model: InputModel): number;
  /**
   * Learns how a model answers to clean images.
   *
   * @param model The model; it has what `needs` names.
   * @param clean Images that are certain to carry no trigger, `(N, H, W, C)`, values in 0–1; without
   * labels, for the defences go by the model's own.
   * @returns What is kept beside the model. The same images and seed give the same one.
   * @throws {RangeError} If the model lacks what the defence needs, or the images are too few.
   * @throws The signal's reason, if it fires.
   */
  calibrate(model: InputModel, clean: ImageBatch, options: DefenceOptions): Promise<Calibration>;
  /**
   * Scores images. Where the threshold is, the scores of clean images say that the profile was not
   * made of (`thresholdAt`).
   *
   * @param model The model of the profile.
   * @param images `(N, H, W, C)`, values in 0–1.
   * @param profile What `calibrate` has found.
   * @throws {RangeError} If the model lacks what the defence needs, or the profile is another
   * defence's or that of a model for other images or classes.
   * @throws {IntegrityError} If something is missing in the profile.
   * @throws The signal's reason, if it fires.
   */
  score(
    model: InputModel,
    images: ImageBatch,
    profile: Profile,
    options?: ScoreOptions,
  ): Promise<InputScores>;
}
