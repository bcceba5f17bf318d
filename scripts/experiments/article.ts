/**
 * The article's experiments (Useloff, "Adversarial Learning: Backdoor Attacks").
 *
 * @module
 */

import type { TrainFlags } from "../train_options.ts";
import type { Cell, Experiment } from "./cell.ts";

/** Seeds, for the spread. */
const SEEDS = [1, 2, 3];

/** The article's recipe, and ours. */
const RECIPES = ["article", "one-cycle"];

/** The models of the article on MNIST, by the name of their group. */
const attacks: Readonly<Record<string, TrainFlags>> = {
  "clean": { attack: "none" },
  "badnets": { attack: "single-target", trigger: "pattern", poisonRate: 0.1 },
  "badnets-all-to-all": { attack: "all-to-all", trigger: "pattern", poisonRate: 0.33 },
};

/** Minutes: a tenth of the images. */
const quick = { limit: 6000, epochs: 2, batchSize: 64 } as const satisfies TrainFlags;

/** The article's figures, by its recipe and by ours. */
export const article: Experiment = {
  name: "article",
  summary: "the article's CNN: BadNets and clean-label, by its recipe and by ours, three seeds",
  cells: ({ quick: isQuick }) =>
    Object.entries(attacks).flatMap(([name, flags]) =>
      RECIPES.flatMap((recipe) =>
        (isQuick ? SEEDS.slice(0, 2) : SEEDS).map((seed): Cell => ({
          id: `mnist-${name}-${recipe}-seed-${seed}`,
          group: `mnist ${name} ${recipe}`,
          options: {
            train: {
              model: "article",
              ...flags,
              recipe,
              seed,
              workers: 1,
              ...isQuick ? quick : {},
            },
          },
        }))
      )
    ),
};
