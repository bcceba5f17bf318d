/**
 * What may be asked for, in plain JSON: every field may be left out, and is then at its default.
 *
 * @module
 */

import type { Norm, PerturbationNumbers, PgdPerturbation } from "../perturb/mod.ts";
import type { TriggerManifest } from "../trigger/mod.ts";

/** Numbers by the names of parameters. */
export type NumbersByName = Readonly<Record<string, number>>;

/** What is stamped. */
export interface TriggerRequest {
  /** Kinds, separated by commas and stamped in turn; or a trigger with all that makes it again. */
  readonly trigger?: string | TriggerManifest;
  /** Parameters, each for every one of the kinds that takes it. */
  readonly triggerNumbers?: NumbersByName;
}

/** What clean-label does to images before the trigger. */
export interface PerturbationRequest {
  readonly perturbation?: PerturbationNumbers["kind"];
  readonly norm?: Norm;
  /** Largest size of a perturbation, and size of a step, in its norm. */
  readonly eps?: number;
  readonly epsStep?: number;
  readonly steps?: number;
  /** Random points to begin at, 0 for the image itself. */
  readonly randomStarts?: number;
  readonly proxy?: PgdPerturbation["proxy"];
  /** Values of a generator's latent vectors. */
  readonly latent?: number;
  /** How far towards an image of another class, 0–1. */
  readonly tau?: number;
  readonly ganEpochs?: number;
  /** Whether each image is drawn once; otherwise, as ART does, some are drawn again. */
  readonly withoutReplacement?: boolean;
}

/** What an attack is after, and by which trigger. */
export interface AttackRequest extends TriggerRequest {
  readonly attack?: string;
  /** The attack's own parameters. */
  readonly attackNumbers?: NumbersByName;
  readonly source?: number | "all";
  readonly target?: number;
}

/** Which data, and what is done to it. */
export interface DataRequest extends AttackRequest, PerturbationRequest {
  readonly dataset?: string;
  readonly poisonRate?: number;
  readonly seed?: number;
  /** Images of the training set, the first of a seeded shuffle. */
  readonly limit?: number;
}

/** What becomes of a recipe's augmentation. */
export type Augment = "before-trigger" | "after-trigger" | "none";

/** A training. */
export interface TrainRequest extends DataRequest {
  readonly model?: string;
  readonly depth?: number;
  readonly recipe?: string;
  readonly augment?: Augment;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRateFactor?: number;
  readonly workers?: number;
  /** The model's name in the store; made from the other fields if left out. */
  readonly name?: string;
  /** What the trigger is called in a name that is made; its kinds if left out. */
  readonly triggerName?: string;
}
