/**
 * The clean-label paper's experiments (Turner, Tsipras, Mądry, "Clean-Label Backdoor Attacks").
 *
 * @module
 */

import { shareOfPercentage } from "../../core/format.ts";
import type { TrainRequest } from "../../job/mod.ts";
import type { Cell, Experiment } from "../cell.ts";
import { cifar10Strategies, mnistStrategies, type Strategies } from "./perturbations.ts";

const CLASSES = Array.from({ length: 10 }, (_, label) => label);

/** Poisoned shares of the target class. */
const SHARES = [0.015, 0.06, 0.12, 0.25, 0.5];

/** Poisoned images that are shown of each strategy, of the first class at the share next to this. */
const EXAMPLES = { count: 8, share: 0.25 };

/**
 * What a data set's models have in common, and each strategy's perturbation. Images are trained on as
 * they are, as in the paper's Figure 3.
 */
interface Setting {
  readonly dataset: string;
  readonly common: TrainRequest;
  readonly strategies: Strategies;
  /** How a data filter is trained: by the recipe's own augmentation, its rate smaller as its batch is. */
  readonly filter: TrainRequest;
  /**
   * What it is shown: a hundred poisoned images, as shares of the training set, if they are
   * mislabelled, and of the target class, if they are not.
   */
  readonly filtered: { readonly mislabelled: number; readonly cleanLabel: number };
}

/** Long, for there are few images. */
const FILTER = { epochs: 40, batchSize: 32 } as const satisfies TrainRequest;

const article = { model: "article" } as const satisfies TrainRequest;

const mnist: Setting = {
  dataset: "mnist",
  common: { ...article, augment: "none", epochs: 2 },
  strategies: mnistStrategies,
  filter: { ...article, ...FILTER, learningRateFactor: 0.5 },
  filtered: { mislabelled: 0.0017, cleanLabel: 0.017 },
};

const residual = { model: "resnet", depth: 8, recipe: "residual" } as const satisfies TrainRequest;

const cifar10: Setting = {
  dataset: "cifar10",
  common: { ...residual, augment: "none", epochs: 8 },
  strategies: cifar10Strategies,
  filter: { ...residual, ...FILTER, learningRateFactor: 0.25 },
  filtered: { mislabelled: 0.002, cleanLabel: 0.02 },
};

/** On CIFAR-10 a model takes minutes: few, unless more are asked for. */
const CIFAR10_DEFAULTS = { classes: [0, 1], shares: [0.06, 0.25, 0.5] };

/**
 * The triggers that are shifted and flipped with their images in training: the paper's way to
 * outlast that is its trigger in all corners.
 */
const AUGMENTED = { triggers: ["corner", "corners"], poisonRate: 0.5 };

/** Shares are of different images, as in the paper; ART draws an image as often as it comes. */
const DRAWN = { attack: "clean-label", withoutReplacement: true } as const satisfies TrainRequest;

/** Images of a filter's clean part: the paper's, and a fourth and four times as many. */
const CLEAN_IMAGES = [256, 1024, 4096];

/** Someone looks at as many images as are poisoned, and at three times as many. */
const ROWS_FOR_EACH = [1, 3];

/** Minutes: a tenth of the images, two classes. */
const quick = {
  flags: { limit: 6000, epochs: 2, batchSize: 64 } as const satisfies TrainRequest,
  cleanImages: [1024],
  classes: [0, 1],
  shares: [0.25, 0.5],
};

/** Figure 3 on both data sets, examples as in Figure 2, the filter of the motivation. */
export const cleanLabel: Experiment = {
  name: "clean-label",
  hasOpenGrid: true,
  cells({ quick: isQuick, classes, percentages }) {
    const flags = isQuick ? quick.flags : {};
    return [
      ...filters(mnist, { flags, cleanImages: isQuick ? quick.cleanImages : CLEAN_IMAGES }),
      ...grid(mnist, { classes: CLASSES, shares: SHARES, ...isQuick ? quick : {}, flags }),
      ...isQuick ? [] : [
        ...filters(cifar10, { flags, cleanImages: CLEAN_IMAGES }),
        ...grid(cifar10, {
          classes: classes ?? CIFAR10_DEFAULTS.classes,
          shares: percentages?.map(shareOfPercentage) ?? CIFAR10_DEFAULTS.shares,
          flags,
        }),
        ...augmented(cifar10),
      ],
    ];
  },
};

/** Cells whose models, as data filters, are shown images poisoned by BadNets and by each strategy. */
function filters(
  { dataset, common, strategies, filter, filtered }: Setting,
  { flags, cleanImages }: { flags: TrainRequest; cleanImages: readonly number[] },
): Cell[] {
  const one = { dataset, seed: 1, workers: 1 };
  const setOf = (attack: TrainRequest) => ({
    ...common,
    ...attack,
    trigger: "corner",
    ...flags,
    ...one,
  });
  const sets = {
    "badnets": setOf({ attack: "single-target", poisonRate: filtered.mislabelled }),
    ...Object.fromEntries(
      Object.entries(strategies).map(([strategy, perturbation]) => [
        `clean-label ${strategy}`,
        setOf({ ...DRAWN, poisonRate: filtered.cleanLabel, ...perturbation }),
      ]),
    ),
  };
  return cleanImages.map((limit): Cell => ({
    id: `filter-${dataset}-${limit}`,
    group: `filter ${dataset}`,
    options: {
      train: { ...filter, attack: "none", limit, ...one },
      ranked: { sets, rowsForEach: ROWS_FOR_EACH },
    },
  }));
}

/** Cells whose images, poisoned by the most effective strategy, are augmented with the trigger on them. */
function augmented({ dataset, common, strategies }: Setting): Cell[] {
  return AUGMENTED.triggers.map((trigger): Cell => ({
    id: `augmented-${dataset}-${trigger}`,
    group: `augmented ${dataset} ${trigger}`,
    options: {
      train: {
        ...{ dataset, ...common, augment: "after-trigger", ...DRAWN, trigger, ...strategies.pgd },
        ...{ target: 0, poisonRate: AUGMENTED.poisonRate, seed: 1, workers: 1 },
      },
    },
  }));
}

/**
 * Cells of one data set. Those that perturb the same images are apart from each other, so that cells
 * that run at once do not do it twice.
 */
function grid(
  { dataset, common, strategies }: Setting,
  { classes, shares, flags }: {
    classes: readonly number[];
    shares: readonly number[];
    flags: TrainRequest;
  },
): Cell[] {
  const distance = (share: number) => Math.abs(share - EXAMPLES.share);
  const [shown] = [...shares].sort((a, b) => distance(a) - distance(b));
  return shares.flatMap((poisonRate) =>
    classes.flatMap((target) =>
      Object.entries(strategies).map(([strategy, perturbation]): Cell => ({
        id: `success-${dataset}-${strategy}-class-${target}-share-${poisonRate}`,
        group: `success ${dataset} ${strategy}`,
        options: {
          train: {
            dataset,
            ...common,
            ...DRAWN,
            trigger: "corner",
            ...perturbation,
            ...flags,
            target,
            poisonRate,
            seed: 1,
            workers: 1,
          },
          ...target === classes[0] && poisonRate === shown ? { examples: EXAMPLES.count } : {},
        },
      }))
    )
  );
}
