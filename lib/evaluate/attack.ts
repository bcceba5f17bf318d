/**
 * What a model does on a test set with the trigger on it.
 *
 * @module
 */

import { type Confusion, countConfusion, sum } from "./confusion.ts";
import type { Predictions } from "./predictions.ts";

/**
 * Figures on triggered images that have a target, of all classes or of one; rates are fractions.
 *
 * Two denominators of attack success are in use. The papers' is the images whose true class is not
 * the target. The other leaves out those that the model takes for the target even without the
 * trigger, which is no success of the attack.
 */
export interface AttackRates {
  /** Share of the victims that are classified as their target. */
  readonly attackSuccessRate: number;
  /** Share of the victims that are still classified as what they are. */
  readonly robustAccuracy: number;
  /** Number of images with a target: the denominator of both. */
  readonly victims: number;
  /** Share of the flippable that are classified as their target; `null` if there are none. */
  readonly flipRate: number | null;
  /** Number of victims that are classified as something else than their target without the trigger. */
  readonly flippable: number;
}

/** The figures of one class and the class it is to be taken for. */
export interface AttackPair extends AttackRates {
  /** The true class. */
  readonly source: number;
  /** The class that the attack wants. */
  readonly target: number;
}

/** Figures on images with the trigger. */
export interface AttackEvaluation extends AttackRates {
  /** One for each class that has a target and images, by class. */
  readonly pairs: readonly AttackPair[];
  /** Of images with the trigger; a class without a target has none. */
  readonly triggeredConfusion: Confusion;
}

/** The victims of an attack, and what a model classifies them as. */
export interface AttackedImages {
  /** The true class of each, `(M)`, at least one. */
  readonly labels: Uint8Array;
  /** Without the trigger. */
  readonly clean: Uint8Array;
  /** With it. */
  readonly triggered: Predictions;
  /** The target of a class; none of the labels may have none. */
  readonly targetOf: (label: number) => number | null;
}

/** Counts an attack's successes, over all classes and for each. */
export function countAttack(
  { labels, clean, triggered, targetOf }: AttackedImages,
): AttackEvaluation {
  const triggeredConfusion = countConfusion(labels, triggered);
  const cleanConfusion = countConfusion(labels, { labels: clean, classes: triggered.classes });
  /** Of the flippable of each class, those that are flipped. */
  const flipped = new Array<number>(triggered.classes).fill(0);
  labels.forEach((label, i) => {
    const target = targetOf(label);
    if (triggered.labels[i] === target && clean[i] !== target) flipped[label]!++;
  });
  const counts = triggeredConfusion.flatMap((row, source) => {
    const target = targetOf(source);
    const victims = sum(row);
    if (target === null || victims === 0) return [];
    return [{
      source,
      target,
      victims,
      hit: row[target]!,
      kept: row[source]!,
      flippable: victims - cleanConfusion[source]![target]!,
      flipped: flipped[source]!,
    }];
  });
  const total = (key: keyof Counts) => sum(counts.map((pair) => pair[key]));
  return {
    ...ratesOf({
      victims: total("victims"),
      hit: total("hit"),
      kept: total("kept"),
      flippable: total("flippable"),
      flipped: total("flipped"),
    }),
    pairs: counts.map(({ source, target, ...pair }) => ({ source, target, ...ratesOf(pair) })),
    triggeredConfusion,
  };
}

interface Counts {
  readonly victims: number;
  readonly hit: number;
  readonly kept: number;
  readonly flippable: number;
  readonly flipped: number;
}

function ratesOf({ victims, hit, kept, flippable, flipped }: Counts): AttackRates {
  return {
    attackSuccessRate: hit / victims,
    robustAccuracy: kept / victims,
    victims,
    flipRate: flippable > 0 ? flipped / flippable : null,
    flippable,
  };
}
