/**
 * What every attack on a training set is.
 *
 * This file imports no implementation; `definitions.ts` lists them.
 *
 * @module
 */

import type { LabelledImages } from "../core/types.ts";
import type { TrainingSet } from "../train/training_set.ts";
import type { Trigger, TriggerManifest } from "../trigger/trigger.ts";

/** The attacks by name; `none` is the clean twin's. */
export type AttackKind = "none" | "single-target" | "all-to-all";

/** What was done to a training set, as it stands in a model's manifest. */
export interface AttackManifest {
  readonly kind: AttackKind;
  readonly trigger: TriggerManifest | null;
  /** The class whose images were poisoned, or `"all"`. */
  readonly source: number | "all";
  /** The class they were labelled as; `null` for no attack and for all-to-all (i → i + 1). */
  readonly target: number | null;
  /** Poisoned share of the resulting training set, as asked for. */
  readonly poisonRate: number;
  /** Number of poisoned examples in the resulting training set. */
  readonly poisoned: number;
}

/** A training set with poisoned rows, and what was done to it. */
export interface PoisonedSet extends TrainingSet {
  readonly manifest: AttackManifest;
}

/** How much to poison, and with which random numbers. */
export interface PoisoningOptions {
  /** Poisoned share of the resulting training set, from 0 to below 1. */
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
   * Adds poisoned copies to a training set.
   *
   * @throws {RangeError} If the rate is out of range, or asks for poisoned images and none can be made.
   */
  poison(clean: LabelledImages, options: PoisoningOptions): PoisonedSet;
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
