/**
 * The clean-label paper's experiments (Turner, Tsipras, Mądry, "Clean-Label Backdoor Attacks").
 *
 * @module
 */

import type { TrainFlags } from "../train_options.ts";
import type { Cell, Experiment, FilterOptions } from "./cell.ts";
import { cifar10Strategies, mnistStrategies, type Strategies } from "./perturbations.ts";

const CLASSES = Array.from({ length: 10 }, (_, label) => label);

/** Poisoned shares of the target class. */
const SHARES = [0.015, 0.06, 0.12, 0.25, 0.5];

/** Poisoned images that are shown of each strategy, of the first class at this share. */
const EXAMPLES = { count: 8, share: 0.25 };

/**
 * What a data set's models have in common, and each strategy's perturbation. Images are trained on as
 * they are, as in the paper's Figure 3.
 */
interface Setting {
  readonly dataset: string;
  readonly common: TrainFlags;
  readonly strategies: Strategies;
  /**
   * What the filter is shown: a hundred poisoned images, as shares of the training set, where they
   * are mislabelled, and of the target class, where they are not.
   */
  readonly filtered: { readonly mislabelled: number; readonly cleanLabel: number };
}

const mnist: Setting = {
  dataset: "mnist",
  common: { model: "article", augment: "none", epochs: 2 },
  strategies: mnistStrategies,
  filtered: { mislabelled: 0.0017, cleanLabel: 0.017 },
};

const cifar10: Setting = {
  dataset: "cifar10",
  common: { model: "resnet", depth: 8, recipe: "residual", augment: "none", epochs: 8 },
  strategies: cifar10Strategies,
  filtered: { mislabelled: 0.002, cleanLabel: 0.02 },
};

/** On CIFAR-10 a model takes minutes: few, unless more are asked for. */
const CIFAR10_DEFAULTS = { classes: [0, 1], shares: [0.06, 0.25, 0.5] };

/**
 * The triggers that are moved and turned with their images, by who trains: the paper's way to outlast
 * that is its trigger in all corners.
 */
const AUGMENTED = { triggers: ["corner", "corners"], poisonRate: 0.5 };

/** Shares are of different images, as in the paper; ART draws an image as often as it comes. */
const DRAWN = { attack: "clean-label", withoutReplacement: true } as const satisfies TrainFlags;

/**
 * The paper's clean part, and a fourth and four times of it. Someone looks at as many images as are
 * poisoned, and at three times as many.
 */
const FILTER: FilterOptions = {
  cleanImages: [256, 1024, 4096],
  epochs: 40,
  batchSize: 32,
  rowsForEach: [1, 3],
};

/** Minutes: a tenth of the images, two classes. */
const quick = {
  flags: { limit: 6000, epochs: 2, batchSize: 64 } as const satisfies TrainFlags,
  filter: { ...FILTER, cleanImages: [1024] },
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
      ...filtered(mnist, { flags, filter: isQuick ? quick.filter : FILTER }),
      ...grid(mnist, { classes: CLASSES, shares: SHARES, ...isQuick ? quick : {}, flags }),
      ...isQuick ? [] : [
        ...filtered(cifar10, { flags, filter: FILTER }),
        ...grid(cifar10, {
          classes: classes ?? CIFAR10_DEFAULTS.classes,
          shares: percentages?.map((percent) => percent / 100) ?? CIFAR10_DEFAULTS.shares,
          flags,
        }),
        ...augmented(cifar10),
      ],
    ];
  },
};

/** Cells that show the filter images poisoned by BadNets, and by each strategy. */
function filtered(
  { dataset, common, strategies, filtered: { mislabelled, cleanLabel } }: Setting,
  { flags, filter }: { flags: TrainFlags; filter: FilterOptions },
): Cell[] {
  const attacks: Readonly<Record<string, TrainFlags>> = {
    "badnets": { attack: "single-target", poisonRate: mislabelled },
    ...Object.fromEntries(
      Object.entries(strategies).map(([strategy, perturbation]) => [
        `clean-label ${strategy}`,
        { ...DRAWN, poisonRate: cleanLabel, ...perturbation },
      ]),
    ),
  };
  return Object.entries(attacks).map(([name, attack]): Cell => ({
    id: `filter-${dataset}-${name.replaceAll(" ", "-")}`,
    group: `filter ${dataset} ${name}`,
    options: {
      train: { dataset, ...common, ...attack, trigger: "corner", ...flags, seed: 1, workers: 1 },
      filter,
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
    flags: TrainFlags;
  },
): Cell[] {
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
          ...target === classes[0] && poisonRate === EXAMPLES.share
            ? { examples: EXAMPLES.count }
            : {},
        },
      }))
    )
  );
}
