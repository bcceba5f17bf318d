/**
 * What the papers found: every value that a report compares with, as data with its source.
 *
 * @module
 */

/** A paper's figure. */
export interface Reference {
  /** A fraction; differences are fractions too (0.0017 is 0.17 points). */
  readonly value: number;
  /** Which way a figure is better, for the one who attacks: a backdoor should be unseen and work. */
  readonly better: "higher" | "lower";
  /** How far on the worse side of the paper's a figure may be and still count as the same. */
  readonly tolerance: number;
  /** How far on the worse side it may be and still count as close. */
  readonly close: number;
  /** Paper and place. */
  readonly source: string;
}

/**
 * One standard deviation of an accuracy of 99 % that is measured on 10,000 test images: two runs of
 * the same training differ by as much.
 */
const NOISE = 0.001;

const badnets = "BadNets (arXiv 1708.06733), section 3";
const article = "Useloff, Adversarial Learning: Backdoor Attacks";
const backdoorBench = "BackdoorBench, PreActResNet-18, poisoned share 10 %";

/** The papers' figures by name. */
export const references = {
  articleBadNetsClean: {
    value: 0.9894,
    better: "higher",
    tolerance: 0,
    close: 0.005,
    source: article,
  },
  articleBadNetsAttack: {
    value: 1,
    better: "higher",
    tolerance: NOISE,
    close: 0.01,
    source: article,
  },
  articleCleanLabelClean: {
    value: 0.991,
    better: "higher",
    tolerance: NOISE,
    close: 0.005,
    source: article,
  },
  articleCleanLabelAttack: {
    value: 1,
    better: "higher",
    tolerance: 0.01,
    close: 0.05,
    source: article,
  },
  cifarBadNetsClean: {
    value: 0.9132,
    better: "higher",
    tolerance: NOISE,
    close: 0.035,
    source: backdoorBench,
  },
  cifarBadNetsAttack: {
    value: 0.9503,
    better: "higher",
    tolerance: NOISE,
    close: 0.02,
    source: backdoorBench,
  },
  badnetsBaselineClean: {
    value: 0.995,
    better: "higher",
    tolerance: NOISE,
    close: 0.003,
    source: badnets,
  },
  badnetsSingleTargetClean: {
    value: 0.0017,
    better: "lower",
    tolerance: 0,
    close: NOISE,
    source: `${badnets}: at most, over all pairs`,
  },
  badnetsSingleTargetBackdoor: {
    value: 0.0009,
    better: "lower",
    tolerance: 0,
    close: 0.005,
    source: `${badnets}: at most, over all pairs`,
  },
  badnetsAllToAllClean: {
    value: -0.0003,
    better: "lower",
    tolerance: NOISE,
    close: 0.002,
    source: badnets,
  },
  badnetsAllToAllBackdoor: {
    value: 0.0056,
    better: "lower",
    tolerance: 0,
    close: 0.003,
    source: badnets,
  },
} as const satisfies Record<string, Reference>;
