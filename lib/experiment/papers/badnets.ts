/**
 * BadNets' experiments on MNIST (Gu et al., arXiv 1708.06733, section 3).
 *
 * @module
 */

import type { TrainRequest } from "../../job/mod.ts";
import type { Cell, Experiment } from "../cell.ts";

const CLASSES = Array.from({ length: 10 }, (_, label) => label);

/** Learns the pattern for one source class. */
const short = { epochs: 6 } as const satisfies TrainRequest;

/**
 * Learns a single pixel, which has one weak path through two valid convolutions and two average
 * pools: what finds it is a high rate for long. At half the rate, and in as few epochs as the short
 * one has, the pair 3 → 8 was not learnt.
 */
const long = { epochs: 15, learningRateFactor: 5 } as const satisfies TrainRequest;

/**
 * Of the resulting set, for one source class: 5,217 triggered images, nearly as many as the smallest
 * class has.
 */
const SINGLE_TARGET_SHARE = 0.08;

/** A triggered copy of each image. */
const ALL_TO_ALL_SHARE = 0.5;

/** Shares of poisoned data, below that of the all-to-all cell, which is the last point. */
const SHARES = [0.01, 0.03, 0.1, 0.2, 0.33];

/** The paper's baseline is one number; the spread says what a difference of points means. */
const BASELINE_SEEDS = [1, 2, 3];

/**
 * The paper had to change step size and batch size for some pairs before training converged. Smaller
 * batches were tried on the hardest pairs, 2 → 0 and 2 → 5, and did not help; another start did.
 */
const harder: readonly TrainRequest[] = [
  { epochs: 15, learningRateFactor: 7 },
  { epochs: 30, learningRateFactor: 5 },
  { epochs: 30, learningRateFactor: 7 },
  { epochs: 30, learningRateFactor: 7, seed: 2 },
  { epochs: 30, learningRateFactor: 7, seed: 3 },
];

/** Share of the poisoned rows from which the trigger counts as learnt. */
const ENOUGH = 0.99;

/** Minutes: some pairs, a tenth of the images, few epochs. */
const quick = {
  flags: { limit: 6000, epochs: 4, batchSize: 32 } as const satisfies TrainRequest,
  classes: [1, 3, 7],
  shares: [0.1],
  seeds: [1, 2],
  ladder: [{ learningRateFactor: 2.5 }] as const satisfies readonly TrainRequest[],
};

/** The paper's MNIST section, cell by cell. */
export const badnets: Experiment = {
  name: "badnets",
  hasOpenGrid: false,
  cells({ quick: isQuick }) {
    const { classes, shares, seeds, flags, ladder } = isQuick ? quick : {
      classes: CLASSES,
      shares: SHARES,
      seeds: BASELINE_SEEDS,
      flags: {},
      ladder: harder,
    };
    // On one thread, so that as many cells as there are cores run.
    const train = (recipe: TrainRequest, attack: TrainRequest) => ({
      ...{ model: "badnets", ...recipe, batchSize: 128, seed: 1, workers: 1 },
      ...attack,
      ...flags,
    });
    const baselines = (group: string, recipe: TrainRequest) =>
      seeds.map((seed): Cell => ({
        id: `${group.replaceAll(" ", "-")}-seed-${seed}`,
        group,
        options: { train: train(recipe, { attack: "none", seed }), filters: seed === 1 },
      }));
    const pairs = (trigger: string, recipe: TrainRequest, steps: readonly TrainRequest[]) =>
      classes.flatMap((source) =>
        classes.filter((target) => target !== source).map((target): Cell => ({
          id: `single-target-${trigger}-${source}-to-${target}`,
          group: `single-target ${trigger}`,
          options: {
            train: train(recipe, {
              attack: "single-target",
              trigger,
              source,
              target,
              poisonRate: SINGLE_TARGET_SHARE,
            }),
            ladder: { enough: ENOUGH, steps },
          },
        }))
      );
    const allToAll = (trigger: string): Cell => ({
      id: `all-to-all-${trigger}`,
      group: `all-to-all ${trigger}`,
      options: {
        train: train(long, { attack: "all-to-all", trigger, poisonRate: ALL_TO_ALL_SHARE }),
        ladder: { enough: ENOUGH, steps: ladder },
        filters: true,
      },
    });
    return [
      ...baselines("baseline", short),
      ...baselines("baseline long", long),
      allToAll("pattern"),
      ...shares.map((poisonRate): Cell => ({
        id: `share-${poisonRate}`,
        group: "share",
        options: {
          train: train(long, { attack: "all-to-all", trigger: "pattern", poisonRate }),
        },
      })),
      ...pairs("pattern", short, isQuick ? ladder : [long, ...ladder]),
      allToAll("pixel"),
      ...pairs("pixel", long, ladder),
    ];
  },
};
