/**
 * The report on the clean-label paper's Figures 2 and 3.
 *
 * @module
 */

import { formatPercent, formatShare } from "../core/format.ts";
import { cellsOf, figuresOf, measuredBy } from "./cells.ts";
import { type CurvePoint, curves, imageRows } from "./plots.ts";
import {
  compareStatement,
  type Comparison,
  type Figure,
  type Section,
  type Table,
} from "./report.ts";
import type { CellResult, ExperimentResults } from "./results.ts";
import { setupOf } from "./setup.ts";
import { type Spread, spreadOf } from "./statistics.ts";

/** The paper, as a source of figures. */
export const PAPER = "Clean-Label Backdoor Attacks";

/** The data sets, as they are called. */
export const DATASETS: Readonly<Record<string, string>> = { mnist: "MNIST", cifar10: "CIFAR-10" };

/** Strategies by the names of their groups, the most effective of the paper first. */
export const STRATEGIES: Readonly<Record<string, string>> = {
  pgd: "adversarial",
  gan: "GAN interpolation",
  none: "baseline",
};

/** Each strategy of the paper that is to be above another, at every share. */
const ORDER: readonly (readonly [above: string, below: string])[] = [
  ["pgd", "gan"],
  ["gan", "none"],
  ["pgd", "none"],
];

/** The paper's claims beside what was found. */
export function cleanLabelComparisons(results: ExperimentResults): Comparison[] {
  return Object.keys(DATASETS).flatMap((dataset) =>
    ORDER.map(([above, below]) => orderComparison(results, { dataset, above, below }))
  );
}

function orderComparison(
  results: ExperimentResults,
  { dataset, above, below }: { dataset: string; above: string; below: string },
): Comparison {
  const [high, low] = pairedSuccess(results, { dataset, strategies: [above, below] });
  const shares = [...high!.keys()];
  const broken = shares.filter((share) => high!.get(share)!.mean < low!.get(share)!.mean);
  const at = (share: number) =>
    `${formatShare(share)}: ${formatPercent(high!.get(share)!.mean)} against ` +
    formatPercent(low!.get(share)!.mean);
  return compareStatement(
    `${DATASETS[dataset]}: ${STRATEGIES[above]} at least as successful as ${STRATEGIES[below]}`,
    {
      paper: "at every share",
      ours: `at ${shares.length - broken.length} of ${shares.length}`,
      holds: shares.length === 0 ? null : broken.length === 0,
      source: `${PAPER}, Figure 3`,
      rule: "reproduced if it holds at every share that was measured, in the mean over classes",
      note: broken.length > 0
        ? `does not hold at ${broken.map(at).join("; ")}`
        : `mean over classes, ${shares.map(at).join("; ")}`,
      by: measuredBy(
        results,
        ...[above, below].map((strategy) => `success ${dataset} ${strategy}`),
      ),
    },
  );
}

/** Attack success of strategies, over the classes and at the shares at which all were measured. */
function pairedSuccess(
  results: ExperimentResults,
  { dataset, strategies }: { dataset: string; strategies: readonly string[] },
): Map<number, Spread>[] {
  const cells = strategies.map((strategy) => successCells(results, dataset, strategy));
  const place = ({ figures: { target, poisonRate } }: CellResult) => `${target} ${poisonRate}`;
  const places = cells.map((some) => new Set(some.map(place)));
  return cells.map((some) =>
    successByShare(some.filter((cell) => places.every((others) => others.has(place(cell)))))
  );
}

/** The cells of a strategy on a data set. */
function successCells(results: ExperimentResults, dataset: string, strategy: string) {
  return cellsOf(results, `success ${dataset} ${strategy}`);
}

/** Attack success over the classes, for each share at which it was measured, rising. */
function successByShare(cells: readonly CellResult[]): Map<number, Spread> {
  const byShare = Map.groupBy(cells, ({ figures }) => figures.poisonRate);
  return new Map(
    [...byShare].sort(([a], [b]) => a - b).map(([share, some]) => [
      share,
      spreadOf(figuresOf(some, ({ figures }) => figures.attack?.attackSuccessRate))!,
    ]),
  );
}

/** Curves and examples, and what augmentation leaves of the attack. */
export function cleanLabelSections(results: ExperimentResults): Section[] {
  return [
    ...Object.keys(DATASETS).map((dataset) => datasetSection(results, dataset)),
    augmentedSection(results),
  ].filter(({ figures, tables }) => figures.length + tables.length > 0);
}

function datasetSection(results: ExperimentResults, dataset: string): Section {
  const name = DATASETS[dataset]!;
  const cellsBy = (strategy: string) => successCells(results, dataset, strategy);
  const points = Object.entries(STRATEGIES).flatMap(([strategy, series]) =>
    [...successByShare(cellsBy(strategy))].map(([x, { mean, least, most }]) => ({
      series,
      x,
      y: mean,
      least,
      most,
    }))
  );
  const caption =
    `Attack success on ${name} against the poisoned share of the target class: mean ` +
    "over the target classes, least and most as a band.";
  const figures: Figure[] = points.length === 0 ? [] : [{
    name: `${dataset}-success-by-share`,
    caption,
    isWide: true,
    drawing: curves({
      x: "poisoned share of the target class",
      y: "attack success",
      title: caption,
      points,
      series: Object.values(STRATEGIES),
      isWhole: true,
    }),
  }];
  return {
    title: `Attack success by strategy, ${name}`,
    text:
      "Some images of the target class get the trigger; no label is changed. As long as these " +
      "images are easy to classify, the model need not look at the trigger. So the attacker makes " +
      "them hard to classify first: by adversarial perturbation, or by interpolation towards " +
      "another class in the latent space of a generator.",
    setup: setupOf(Object.keys(STRATEGIES).flatMap(cellsBy)),
    figures: [...figures, ...examplesFigure(results, dataset)],
    tables: [...successTable(points), ...cleanAccuracyTable(results, dataset)],
  };
}

/** The curves' figures. */
function successTable(points: readonly CurvePoint[]): Table[] {
  if (points.length === 0) return [];
  const shares = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const strategies = Object.values(STRATEGIES);
  return [{
    caption: "Attack success by poisoned share: mean over the target classes, least to most.",
    head: ["poisoned share", ...strategies],
    rows: shares.map((share) => [
      formatShare(share),
      ...strategies.map((name) => {
        const point = points.find(({ series, x }) => series === name && x === share);
        if (point === undefined) return "–";
        const [mean, least, most] = [point.y, point.least, point.most].map(formatPercent);
        return `${mean} (${least} to ${most})`;
      }),
    ]),
  }];
}

function examplesFigure(results: ExperimentResults, dataset: string): Figure[] {
  const rows = Object.entries(STRATEGIES).flatMap(([strategy, label]) => {
    const cell = successCells(results, dataset, strategy)
      .find(({ figures }) => figures.examples !== null);
    return cell === undefined ? [] : [{ label, examples: cell.figures.examples! }];
  });
  if (rows.length === 0) return [];
  const caption = `Images of the target class: as they are, and poisoned by each strategy.`;
  return [{
    name: `${dataset}-examples`,
    caption,
    isWide: true,
    drawing: imageRows({
      title: caption,
      rows: [
        { label: "original", images: rows[0]!.examples.map(({ original }) => original) },
        ...rows.map(({ label, examples }) => ({
          label,
          images: examples.map(({ poisoned }) => poisoned),
        })),
      ],
    }),
  }];
}

function cleanAccuracyTable(results: ExperimentResults, dataset: string): Table[] {
  const rows = Object.entries(STRATEGIES).flatMap(([strategy, label]) => {
    const cells = successCells(results, dataset, strategy);
    const accuracy = spreadOf(figuresOf(cells, ({ figures }) => figures.clean.cleanAccuracy));
    return accuracy === null
      ? []
      : [[label, ...[accuracy.mean, accuracy.least, accuracy.most].map(formatPercent)]];
  });
  if (rows.length === 0) return [];
  return [{
    caption: "Clean accuracy of the backdoored models, over all classes and shares.",
    head: ["strategy", "mean", "least", "most"],
    rows,
  }];
}

/** What is left of the attack if training shifts and flips the trigger with its image. */
function augmentedSection(results: ExperimentResults): Section {
  const cells = results.cells.filter(({ group }) => group.startsWith("augmented "));
  return {
    title: "Under augmentation, CIFAR-10",
    text:
      "Training may shift and flip the poisoned images, and the trigger with them. The paper's " +
      "answer is a trigger in all four corners.",
    setup: setupOf(cells),
    figures: [],
    tables: cells.length === 0 ? [] : [{
      caption: "Adversarial strategy, by trigger.",
      head: ["trigger", "poisoned share", "clean accuracy", "attack success"],
      rows: cells.map(({ group, figures: { poisonRate, clean, attack } }) => [
        group.endsWith("corners") ? "four corners" : "one corner",
        formatShare(poisonRate),
        ...[clean.cleanAccuracy, attack?.attackSuccessRate].map(formatPercent),
      ]),
    }],
  };
}
