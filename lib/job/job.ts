/**
 * A job: what a request comes to, every choice made. Plain JSON, which means the same on any machine.
 *
 * @module
 */

import type { PerturbationNumbers } from "../perturb/mod.ts";
import type { Augmentation } from "../train/mod.ts";
import type { TriggerManifest } from "../trigger/mod.ts";
import type { NumbersByName } from "./request.ts";

/** Which data, and what is done to it: equal jobs make equal data. */
export interface DataJob {
  readonly dataset: string;
  readonly attack: string;
  readonly attackNumbers?: NumbersByName;
  /** Kinds, separated by commas; or the trigger's manifest, which holds an image's bytes. */
  readonly trigger: string | TriggerManifest;
  readonly triggerNumbers?: NumbersByName;
  readonly source: number | "all";
  readonly target: number;
  readonly poisonRate: number;
  readonly seed: number;
  /** Images of the training set, of a seeded shuffle; all if left out. */
  readonly limit?: number;
  /** What is done to images before the trigger; only of attacks that perturb images. */
  readonly perturbation?: PerturbationNumbers;
  /** Whether an image is drawn from all each time; only of attacks that perturb images. */
  readonly withReplacement?: boolean;
  /** The network that a perturbation is aimed at; left out if there is no perturbation. */
  readonly proxyNetwork?: NetworkJob;
}

/** Which network, and how it is trained. */
export interface NetworkJob {
  readonly model: string;
  /** The network's own if left out. */
  readonly depth?: number;
  readonly recipe: string;
  /** The recipe's if left out. */
  readonly augmentation?: Augmentation;
  /** The recipe's if left out. */
  readonly epochs?: number;
  /** The recipe's if left out. */
  readonly batchSize?: number;
  /** The recipe's rate is multiplied by this, above 0; 1 if left out. */
  readonly learningRateFactor?: number;
  /** Threads, from 1, that share a step. */
  readonly workers: number;
}

/** What to train, and on what. */
export interface TrainingJob extends DataJob, NetworkJob {}

/** What to train, and under which name to store it. */
export interface NamedTrainingJob extends TrainingJob {
  /** Name in the store. */
  readonly name: string;
}

/** A job without what does not belong to its network. */
export function networkOf(job: NetworkJob): NetworkJob {
  const { model, depth, recipe, augmentation, epochs, batchSize, workers } = job;
  const { learningRateFactor } = job;
  return withoutUndefined({
    ...{ model, depth, recipe, augmentation, epochs, batchSize, learningRateFactor, workers },
  });
}

/** Plain JSON: what is `undefined` is left out. */
export function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as T;
}
