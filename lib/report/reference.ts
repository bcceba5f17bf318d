/**
 * What the papers found: every value that a report compares with, as data with its source.
 *
 * @module
 */

/** A paper's figure. */
export interface Reference {
  /** A fraction; differences are fractions too (0.0017 is 0.17 points). */
  readonly value: number;
  /** Which way a figure is better, for the attacker: a backdoor should be unseen and work. */
  readonly better: "higher" | "lower";
  /** How far on the worse side of the paper's a figure may be and still count as the same. */
  readonly tolerance: number;
  /** How far on the worse side it may be and still count as close. */
  readonly close: number;
  /** Why it is close at another distance than most figures are; what follows "for". */
  readonly reason?: string;
  /** Paper and place. */
  readonly source: string;
}

/**
 * An accuracy of 99 % that is measured on 10,000 test images has a standard deviation of .1 points:
 * two runs of the same training differ by as much.
 */
const measured = { tolerance: 0.001, close: 0.005 } as const;

/** What a paper says is the most, or the least, of many figures leaves no room. */
const bound = { tolerance: 0, close: 0.005 } as const;

const badnets = "BadNets (arXiv 1708.06733), section 3";
const article = "Useloff, Adversarial Learning: Backdoor Attacks";
const backdoorBench =
  "BackdoorBench, poisoned share 10 %, PreActResNet-18, which has forty times our network's weights";

/** The papers' figures by name. */
export const references = {
  articleBadNetsClean: { value: 0.9894, better: "higher", ...measured, source: article },
  articleBadNetsAttack: { value: 1, better: "higher", ...measured, source: article },
  articleCleanLabelClean: { value: 0.991, better: "higher", ...measured, source: article },
  articleCleanLabelAttack: {
    ...{ value: 1, better: "higher", ...measured, close: 0.05 },
    reason: "it differs by points from seed to seed",
    source: article,
  },
  cifarBadNetsClean: { value: 0.9132, better: "higher", ...measured, source: backdoorBench },
  cifarBadNetsAttack: { value: 0.9503, better: "higher", ...measured, source: backdoorBench },
  badnetsBaselineClean: { value: 0.995, better: "higher", ...measured, source: badnets },
  badnetsSingleTargetClean: {
    ...{ value: 0.0017, better: "lower", ...bound },
    source: `${badnets}: at most`,
  },
  badnetsSingleTargetBackdoor: {
    ...{ value: 0.0009, better: "lower", ...bound },
    source: `${badnets}: at most`,
  },
  badnetsAllToAllClean: { value: -0.0003, better: "lower", ...measured, source: badnets },
  badnetsAllToAllBackdoor: { value: 0.0056, better: "lower", ...measured, source: badnets },
} as const satisfies Record<string, Reference>;
