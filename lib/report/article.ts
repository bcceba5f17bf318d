/**
 * The report on the article's experiments.
 *
 * @module
 */

import { formatPercent, formatPoints } from "../core/format.ts";
import { cellsOf, commandFor, figuresOf } from "./cells.ts";
import { type Reference, references } from "./reference.ts";
import { compare, type Comparison, type Section, type Table } from "./report.ts";
import type { CellResult, ExperimentResults } from "./results.ts";
import { describeSeeds, spreadOf } from "./statistics.ts";

/** A kind of model that there are figures of. */
interface Subject {
  /** The group of its cells, but for the recipe's name. */
  readonly group: string;
  readonly name: string;
  /** The recipes that its cells are trained by, and what people call them. */
  readonly recipes: Readonly<Record<string, string>>;
  readonly clean: Reference;
  readonly attack: Reference;
}

const RECIPES = { "article": "the article's recipe", "one-cycle": "our recipe" };

const SUBJECTS: readonly Subject[] = [
  {
    group: "mnist badnets",
    name: "MNIST, BadNets",
    recipes: RECIPES,
    clean: references.articleBadNetsClean,
    attack: references.articleBadNetsAttack,
  },
  {
    group: "mnist clean-label",
    name: "MNIST, clean-label",
    recipes: RECIPES,
    clean: references.articleCleanLabelClean,
    attack: references.articleCleanLabelAttack,
  },
  {
    group: "cifar10 badnets",
    name: "CIFAR-10, BadNets",
    recipes: { "residual": "a residual network" },
    clean: references.cifarBadNetsClean,
    attack: references.cifarBadNetsAttack,
  },
];

/** The article's figures beside ours, by its recipe and by ours. */
export function articleComparisons(results: ExperimentResults): Comparison[] {
  return SUBJECTS.flatMap(({ group, name, recipes, clean, attack }) =>
    Object.entries(recipes).flatMap(([recipe, by]) => {
      const cells = cellsOf(results, `${group} ${recipe}`);
      const command = commandFor(results, `${group} ${recipe}`);
      return [
        compareMean(`${name}, ${by}: clean accuracy`, {
          cells,
          reference: clean,
          command,
          figure: ({ figures }) => figures.clean.cleanAccuracy,
        }),
        compareMean(`${name}, ${by}: attack success`, {
          cells,
          reference: attack,
          command,
          figure: ({ figures }) => figures.attack?.attackSuccessRate,
        }),
      ];
    })
  );
}

/** The mean over the seeds of a group, with their spread. */
function compareMean(
  what: string,
  { cells, reference, figure, command }: {
    cells: readonly CellResult[];
    reference: Reference;
    figure: (cell: CellResult) => number | null | undefined;
    command: string;
  },
): Comparison {
  const spread = spreadOf(figuresOf(cells, figure));
  return compare(what, {
    reference,
    ours: spread?.mean ?? null,
    unit: formatPercent,
    unitOfDifference: formatPoints,
    note: describeSeeds(spread),
    command,
  });
}

/** Every model that was trained. */
export function articleSections({ cells }: ExperimentResults): Section[] {
  if (cells.length === 0) return [];
  const table: Table = {
    caption: "All models, figures on the whole test set.",
    head: ["model", "clean accuracy", "attack success", "poisoned images"],
    rows: cells.map(({ id, figures: { clean, attack, poisoned, trainImages } }) => [
      id,
      formatPercent(clean.cleanAccuracy),
      formatPercent(attack?.attackSuccessRate),
      poisoned === 0 ? "–" : `${poisoned} of ${trainImages}`,
    ]),
  };
  return [{
    title: "Each model by itself",
    text: "The article's network under its own recipe (Adam at .001, five epochs) and ours (Adam " +
      "under a one-cycle rate, images moved by up to one pixel).",
    figures: [],
    tables: [table],
  }];
}
