/**
 * The report on the article's experiments.
 *
 * @module
 */

import { formatCount, formatPercent, formatShare } from "../core/format.ts";
import { cellsOf, figuresOf, type MeasuredBy, measuredBy } from "./cells.ts";
import { type Reference, references } from "./reference.ts";
import { compare, type Comparison, type Section, type Table } from "./report.ts";
import type { CellResult, ExperimentResults } from "./results.ts";
import { describePerturbation, setupOf } from "./setup.ts";
import { describeSeeds, spreadOf } from "./statistics.ts";

/** A kind of model that there are figures of. */
interface Subject {
  /** The group of its cells, but for the recipe's name. */
  readonly group: string;
  readonly name: string;
  /** The recipes that its cells are trained by, and what people call them. */
  readonly recipes: Readonly<Record<string, string>>;
  /** `null` if no paper has the figure. */
  readonly clean: Reference | null;
  /** `null` as well; left out if there is no attack. */
  readonly attack?: Reference | null;
}

const RECIPES = { "article": "the article's recipe", "one-cycle": "our recipe" };

const RESIDUAL = { "residual": "a residual network" };

const SUBJECTS: readonly Subject[] = [
  { group: "mnist clean", name: "MNIST, no attack", recipes: RECIPES, clean: null },
  {
    group: "mnist badnets",
    name: "MNIST, BadNets",
    recipes: RECIPES,
    clean: references.articleBadNetsClean,
    attack: references.articleBadNetsAttack,
  },
  {
    group: "mnist badnets-all-to-all",
    name: "MNIST, BadNets all-to-all",
    recipes: RECIPES,
    clean: null,
    attack: null,
  },
  {
    group: "mnist clean-label",
    name: "MNIST, clean-label",
    recipes: RECIPES,
    clean: references.articleCleanLabelClean,
    attack: references.articleCleanLabelAttack,
  },
  { group: "cifar10 clean", name: "CIFAR-10, no attack", recipes: RESIDUAL, clean: null },
  {
    group: "cifar10 badnets",
    name: "CIFAR-10, BadNets",
    recipes: { "residual": "a residual network, beside BackdoorBench's" },
    clean: references.cifarBadNetsClean,
    attack: references.cifarBadNetsAttack,
  },
  {
    group: "cifar10 badnets",
    name: "CIFAR-10, BadNets",
    recipes: { "article": "the article's network" },
    clean: null,
    attack: null,
  },
  {
    group: "cifar10 clean-label",
    name: "CIFAR-10, clean-label",
    recipes: RESIDUAL,
    clean: null,
    attack: null,
  },
];

/** The article's figures beside ours, by its recipe and by ours. */
export function articleComparisons(results: ExperimentResults): Comparison[] {
  return SUBJECTS.flatMap(({ group, name, recipes, clean, attack }) =>
    Object.entries(recipes).flatMap(([recipe, trainedBy]) => {
      const cells = cellsOf(results, `${group} ${recipe}`);
      const by = measuredBy(results, `${group} ${recipe}`);
      return [
        compareMean(`${name}, ${trainedBy}: clean accuracy`, {
          cells,
          reference: clean,
          by,
          figure: ({ figures }) => figures.clean.cleanAccuracy,
        }),
        ...attack === undefined ? [] : [
          compareMean(`${name}, ${trainedBy}: attack success`, {
            cells,
            reference: attack,
            by,
            figure: ({ figures }) => figures.attack?.attackSuccessRate,
          }),
        ],
      ];
    })
  );
}

/** The mean over the seeds of a group, with their spread. */
function compareMean(
  what: string,
  { cells, reference, figure, by }: {
    cells: readonly CellResult[];
    reference: Reference | null;
    figure: (cell: CellResult) => number | null | undefined;
    by: MeasuredBy;
  },
): Comparison {
  const spread = spreadOf(figuresOf(cells, figure));
  return compare(what, {
    reference,
    ours: spread?.mean ?? null,
    unit: formatPercent,
    note: spread === null ? "" : [describeSeeds(spread), ...poisonedNote(cells)].join("; "),
    by,
  });
}

/** How many images of the target class clean-label poisons, which decides its success. */
function poisonedNote(cells: readonly CellResult[]): string[] {
  const [cell] = cells;
  if (cell?.job.perturbation === undefined) return [];
  const { job: { perturbation, withReplacement }, figures: { poisonRate } } = cell;
  const { least, most } = spreadOf(cells.map(({ figures }) => figures.poisoned))!;
  const counts = [...new Set([least, most])].map(formatCount).join(" to ");
  return [
    `${counts} images poisoned, drawn ${withReplacement === false ? "without" : "with"} ` +
    `replacement for ${formatShare(poisonRate)} of the target class`,
    describePerturbation(perturbation) ?? "no perturbation",
  ];
}

/** What a perturbation's norm, budget and proxy come to, and every model that was trained. */
export function articleSections(results: ExperimentResults): Section[] {
  return [...perturbationSection(results), ...modelsSection(results)];
}

function perturbationSection(results: ExperimentResults): Section[] {
  const others = cellsOf(results, "mnist perturbation");
  if (others.length === 0) return [];
  const usual = cellsOf(results, "mnist clean-label one-cycle")
    .filter(({ figures }) => figures.seed === others[0]!.figures.seed);
  return [{
    title: "Clean-label on MNIST, by perturbation",
    text:
      "Norm and budget decide whether a poisoned image is so hard to classify that the model learns " +
      "the trigger. The proxy model that a perturbation is aimed at is trained plainly, unless the " +
      "row says adversarially; the proxy of ART's clean-label notebook is trained adversarially.",
    setup: [],
    figures: [],
    tables: [{
      caption: "One seed each, figures on the whole test set.",
      head: ["perturbation", "poisoned images", "clean accuracy", "attack success"],
      rows: [...others, ...usual].map(({ job, figures: { clean, attack, poisoned } }) => [
        describePerturbation(job.perturbation) ?? "no perturbation",
        formatCount(poisoned),
        ...[clean.cleanAccuracy, attack?.attackSuccessRate].map(formatPercent),
      ]),
    }],
  }];
}

function modelsSection({ cells }: ExperimentResults): Section[] {
  if (cells.length === 0) return [];
  const table: Table = {
    caption: "All models, figures on the whole test set.",
    head: ["model", "clean accuracy", "attack success", "poisoned images"],
    rows: cells.map(({ id, figures: { clean, attack, poisoned, trainImages } }) => [
      id,
      formatPercent(clean.cleanAccuracy),
      formatPercent(attack?.attackSuccessRate),
      poisoned === 0 ? "–" : `${formatCount(poisoned)} of ${formatCount(trainImages)}`,
    ]),
  };
  return [{
    title: "Each model by itself",
    text: "On MNIST, the article's network under its own recipe and ours; on CIFAR-10, which the " +
      "article could not get to run, a residual network and the article's.",
    setup: setupOf(cells),
    figures: [],
    tables: [table],
  }];
}
