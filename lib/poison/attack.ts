/**
 * What every attack on a training set is.
 *
 * This file imports no implementation; `definitions.ts` lists them.
 *
 * @module
 */

import type { Numbers, Parameters } from "../core/parameter.ts";
import type { ImageBatch, Json, LabelledImages } from "../core/types.ts";
import type { TrainingSet } from "../core/training_set.ts";
import type { Trigger, TriggerManifest } from "../trigger/trigger.ts";

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
  readonly kind: string;
  readonly [option: string]: Json;
}

/** A way to perturb images, and how it stands in a manifest. */
export interface ImagePerturbation {
  readonly perturb: Perturb;
  readonly manifest: PerturbationManifest;
}

/** What was done to a training set, as it stands in a model's manifest. */
export interface AttackManifest {
  /** A kind of `definitions.ts`; `"none"` is the clean twin's. */
  readonly kind: string;
  readonly trigger: TriggerManifest | null;
  /** The class whose triggered images are to be misclassified, or `"all"`. */
  readonly source: number | "all";
  /** The class they are to be classified as; `null` for no attack and for all-to-all (i → i + 1). */
  readonly target: number | null;
  /** What a triggered image of each class is to be classified as; `null` for a class that is left alone. */
  readonly targets: readonly (number | null)[];
  /** The attack's own parameters; left out if it has none. */
  readonly numbers?: Readonly<Record<string, number>>;
  /**
   * As asked for: the poisoned share of the resulting training set, or, where labels are left alone,
   * of the target class.
   */
  readonly poisonRate: number;
  /** Number of poisoned examples in the resulting training set. */
  readonly poisoned: number;
  /** `null` if the attack leaves images as they are but for the trigger. */
  readonly perturbation: PerturbationManifest | null;
  /** Whether an image could be drawn twice and then be poisoned once; only attacks that perturb images say so. */
  readonly withReplacement?: boolean;
}

/** A training set with poisoned rows, and what was done to it. */
export interface PoisonedSet extends TrainingSet {
  readonly manifest: AttackManifest;
}

/** How much to poison, and with which random numbers. */
export interface PoisoningOptions {
  /** What it is a share of, the attack's definition says. */
  readonly rate: number;
  readonly seed: number;
}

/** An attack on a training set. */
export interface Attack {
  readonly kind: string;
  readonly trigger: Trigger | null;
  /**
   * What the attacker wants a triggered image of a class to be classified as.
   *
   * @returns The target class, or `null` if the attack leaves images of this class alone. Those
   * with a target are what attack success is measured on.
   */
  readonly targetOf: (label: number) => number | null;
  /**
   * Checks, before the work, whether a training set can be poisoned at a rate.
   *
   * @param labels The class of each image, `(N)`.
   * @throws {RangeError} If the rate is out of range, or asks for poisoned images and none can be made.
   */
  readonly check: (labels: Uint8Array, rate: number) => void;
  /**
   * Adds poisoned copies to a training set, or puts them in place of their originals.
   *
   * @throws {RangeError} As `check`.
   */
  readonly poison: (clean: LabelledImages, options: PoisoningOptions) => Promise<PoisonedSet>;
}

/** What attacks are made from; each takes what its definition says and does not look at the rest. */
export interface AttackOptions {
  /** What is stamped; `null` for attacks that stamp nothing. */
  readonly trigger: Trigger | null;
  /** The class whose images are poisoned, or `"all"` but the target; default `"all"`. */
  readonly source?: number | "all";
  /** The class that the attacker wants; default 0. */
  readonly target?: number;
  /** Number of classes, 2–256. */
  readonly classes: number;
  /** How images are perturbed before the trigger; default `null`: not at all. */
  readonly perturbation?: ImagePerturbation | null;
  /** Whether an image to perturb is drawn from all each time, as ART does; default true. */
  readonly withReplacement?: boolean;
  /** The attack's own parameters; the definition's defaults for what is left out. */
  readonly numbers?: Numbers;
}

/** What a definition makes an attack of: all is there and in range. */
export interface MethodOptions {
  readonly source: number | "all";
  readonly target: number;
  readonly classes: number;
  readonly withReplacement: boolean;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Images whose triggered copies are labelled alike. */
export interface PoisonedGroup {
  /** Indices into the training set, one for each new row. */
  readonly images: readonly number[];
  /** The class that the new rows are labelled as. */
  readonly target: number;
}

/** Which images of a training set are poisoned, and how. */
export interface PoisoningPlan {
  /** Triggered copies that are added behind the clean rows, in this order. */
  readonly appended?: readonly PoisonedGroup[];
  /**
   * Images, each once and ascending, that are perturbed and stamped in their place, their labels
   * kept.
   */
  readonly replaced?: Uint32Array;
}

/** What an attack decides: everything else is the same for all of them. */
export interface AttackMethod {
  /** As `Attack.targetOf`. */
  readonly targetOf: (label: number) => number | null;
  /**
   * Chooses what is poisoned.
   *
   * @param labels The class of each image of the training set, `(N)`.
   * @throws {RangeError} If the rate is out of range, or asks for images that are not there.
   */
  readonly plan: (labels: Uint8Array, options: PoisoningOptions) => PoisoningPlan;
}

/** An option that not every attack takes; to give it to another attack is wrong usage. */
export type AttackTake = "trigger" | "source" | "target" | "perturbation";

/** An entry in the list of attacks (`definitions.ts`). */
export interface AttackDefinition {
  /** Lower case, with hyphens. */
  readonly kind: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly takes: readonly AttackTake[];
  /** Whether poisoned images keep their labels. */
  readonly labels: "kept" | "changed";
  /**
   * What the poisoning rate is a share of (the resulting training set, or the images of the target
   * class), and the rate unless another is asked for; `null` if nothing is poisoned.
   */
  readonly rate: { readonly of: "set" | "target class"; readonly default: number } | null;
  /** Further numbers that it takes. */
  readonly parameters?: Parameters;
  /** Makes what the attack decides. */
  readonly create: (options: MethodOptions) => AttackMethod;
}
