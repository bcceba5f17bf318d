/**
 * What every attack on a training set is.
 *
 * This file imports no implementation; `definitions.ts` lists them.
 *
 * @module
 */

import type { ImageBatch, Json, LabelledImages } from "../core/types.ts";
import type { TrainingSet } from "../core/training_set.ts";
import type { Trigger, TriggerManifest } from "../trigger/trigger.ts";

/** The attacks by name; `none` is the clean twin's. */
export type AttackKind = "none" | "single-target" | "all-to-all" | "clean-label";

/**
 * Makes perturbed copies of images, from which a model learns less than from the originals.
 *
 * @param images Those to be perturbed, `(K, H, W, C)`, values in 0–1; left as they are.
 * @param labels The class of each.
 * @param options `indices`: which images of the training set they are.
 * @returns New images of the same shape, values in 0–1.
 */
export type Perturb = (
  images: ImageBatch,
  labels: Uint8Array,
  options: { readonly indices: Uint32Array },
) => Promise<ImageBatch>;

/** What was done to images before the trigger, with all numbers that it takes to do it again. */
export interface PerturbationManifest {
  readonly kind: "none" | "pgd" | "gan";
  readonly [option: string]: Json;
}

/** A way to perturb images, and how it stands in a manifest. */
export interface ImagePerturbation {
  readonly perturb: Perturb;
  readonly manifest: PerturbationManifest;
}

/** What was done to a training set, as it stands in a model's manifest. */
export interface AttackManifest {
  readonly kind: AttackKind;
  readonly trigger: TriggerManifest | null;
  /** The class whose triggered images are to be misread, or `"all"`. */
  readonly source: number | "all";
  /** The class they are to be read as; `null` for no attack and for all-to-all (i → i + 1). */
  readonly target: number | null;
  /**
   * As asked for: the poisoned share of the resulting training set, or, where labels are left alone,
   * of the target class.
   */
  readonly poisonRate: number;
  /** Number of poisoned examples in the resulting training set. */
  readonly poisoned: number;
  /** `null` where images are left as they are but for the trigger: all attacks but clean-label. */
  readonly perturbation: PerturbationManifest | null;
  /** Whether an image could be drawn twice and then be poisoned once; clean-label alone says so. */
  readonly withReplacement?: boolean;
}

/** A training set with poisoned rows, and what was done to it. */
export interface PoisonedSet extends TrainingSet {
  readonly manifest: AttackManifest;
}

/** How much to poison, and with which random numbers. */
export interface PoisoningOptions {
  /**
   * Poisoned share of the resulting training set, from 0 to below 1; of the target class, from 0 to 1,
   * under clean-label.
   */
  readonly rate: number;
  readonly seed: number;
}

/** An attack on a training set. */
export interface Attack {
  readonly kind: AttackKind;
  readonly trigger: Trigger | null;
  /**
   * What the attacker wants a triggered image of a class to be classified as.
   *
   * @returns The target class, or `null` where the attack leaves images of this class alone. Those
   * with a target are what attack success is measured on.
   */
  targetOf(label: number): number | null;
  /**
   * Adds poisoned copies to a training set, or puts them in place of their originals.
   *
   * @throws {RangeError} If the rate is out of range, or asks for poisoned images and none can be made.
   */
  poison(clean: LabelledImages, options: PoisoningOptions): Promise<PoisonedSet>;
}

/** What attacks are made from; each takes what it needs and does not look at the rest. */
export interface AttackOptions {
  /** What is stamped; `null` for `none` alone. */
  readonly trigger: Trigger | null;
  /** The class whose images are poisoned, or `"all"` but the target; default `"all"`. */
  readonly source?: number | "all";
  /** The class they are labelled as; default 0. */
  readonly target?: number;
  /** Number of classes, 2–256. */
  readonly classes: number;
  /** How images are perturbed before the trigger, under clean-label; default `null`: not at all. */
  readonly perturbation?: ImagePerturbation | null;
  /** Whether clean-label draws an image from all each time, as ART does; default true. */
  readonly withReplacement?: boolean;
}

/** An entry in the list of attacks (`definitions.ts`). */
export interface AttackDefinition {
  readonly kind: AttackKind;
  /** One sentence for people. */
  readonly summary: string;
  /**
   * Makes the attack.
   *
   * @throws {RangeError} If a class is none of the data set's, source and target are the same, or
   * the trigger is missing.
   */
  readonly create: (options: AttackOptions) => Attack;
}
