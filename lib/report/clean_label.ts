/**
 * The report on the clean-label paper's experiments.
 *
 * @module
 */

import { formatPercent } from "../core/format.ts";
import { cellsOf, commandFor, figuresOf } from "./cells.ts";
import { curves, imageRows } from "./plots.ts";
import {
  compareStatement,
  type Comparison,
  type Figure,
  type Section,
  type Table,
} from "./report.ts";
import type { ExperimentResults } from "./results.ts";
import { type Spread, spreadOf } from "./statistics.ts";

const PAPER = "Clean-Label Backdoor Attacks";

const DATASETS: Readonly<Record<string, string>> = { mnist: "MNIST", cifar10: "CIFAR-10" };

/** Strategies by the names of their groups, the most effective of the paper first. */
const STRATEGIES: Readonly<Record<string, string>> = {
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

/** Most, and few: what the filter is to find of BadNets' images, and of clean-label's. */
const MOST = 0.5;
const FEW = 0.2;

/** What the filter is shown: the cell's group, what it is called, and whether few are to be found. */
interface Filtered {
  readonly group: string;
  readonly label: string;
  readonly what: string;
  readonly isCleanLabel: boolean;
}

const FILTERED: readonly Filtered[] = Object.entries(DATASETS).flatMap(([dataset, name]) => [
  {
    group: `filter ${dataset} badnets`,
    label: `${name}, BadNets`,
    what: `data filter on ${name}: BadNets' poisoned images are found`,
    isCleanLabel: false,
  },
  ...Object.entries(STRATEGIES).map(([strategy, label]) => ({
    group: `filter ${dataset} clean-label ${strategy}`,
    label: `${name}, clean-label, ${label}`,
    what: `data filter on ${name}: clean-label's poisoned images are not, ${label}`,
    isCleanLabel: true,
  })),
]);

/** The paper's claims beside what was found. */
export function cleanLabelComparisons(results: ExperimentResults): Comparison[] {
  return [
    ...Object.keys(DATASETS).flatMap((dataset) =>
      ORDER.map(([above, below]) => orderComparison(results, { dataset, above, below }))
    ),
    ...FILTERED.map((filtered) => filterComparison(results, filtered)),
  ];
}

function orderComparison(
  results: ExperimentResults,
  { dataset, above, below }: { dataset: string; above: string; below: string },
): Comparison {
  const [high, low] = [above, below].map((strategy) => successByShare(results, dataset, strategy));
  const shares = [...high!.keys()].filter((share) => low!.has(share));
  const broken = shares.filter((share) => high!.get(share)!.mean < low!.get(share)!.mean);
  const at = (share: number) =>
    `${formatPercent(share)}: ${formatPercent(high!.get(share)!.mean)} against ` +
    formatPercent(low!.get(share)!.mean);
  return compareStatement(
    `${DATASETS[dataset]}: ${STRATEGIES[above]} at least as successful as ${STRATEGIES[below]}`,
    {
      paper: "at every share",
      ours: `at ${shares.length - broken.length} of ${shares.length}`,
      holds: shares.length === 0 ? null : broken.length === 0,
      source: `${PAPER}, Figure 3`,
      note: broken.length > 0
        ? `does not hold at ${broken.map(at).join("; ")}`
        : `mean over classes, ${shares.map(at).join("; ")}`,
      command: commandFor(results, `success ${dataset}`),
    },
  );
}

/** Attack success over the classes, for each share at which it was measured. */
function successByShare(
  results: ExperimentResults,
  dataset: string,
  strategy: string,
): Map<number, Spread> {
  const cells = Map.groupBy(
    cellsOf(results, `success ${dataset} ${strategy}`),
    ({ figures }) => figures.poisonRate,
  );
  return new Map(
    [...cells].sort(([a], [b]) => a - b).map(([share, some]) => [
      share,
      spreadOf(figuresOf(some, ({ figures }) => figures.attack?.attackSuccessRate))!,
    ]),
  );
}

function filterComparison(
  results: ExperimentResults,
  { group, what, isCleanLabel }: Filtered,
): Comparison {
  const [cell] = cellsOf(results, group);
  const widest = cell?.figures.filter?.found.at(-1);
  const share = widest?.share ?? null;
  return compareStatement(what, {
    paper: isCleanLabel ? "few" : "most",
    ours: formatPercent(share),
    holds: share === null ? null : isCleanLabel ? share < FEW : share > MOST,
    source: `${PAPER}, motivation`,
    note: widest === undefined
      ? ""
      : `${widest.found} of ${cell!.figures.poisoned} among the first ${widest.top} of ` +
        `${cell!.figures.trainImages} images; by chance ${widest.foundByChance.toFixed(1)}`,
    command: commandFor(results, group),
  });
}

/** Curves, examples, the filter. */
export function cleanLabelSections(results: ExperimentResults): Section[] {
  return [
    ...Object.keys(DATASETS).map((dataset) => datasetSection(results, dataset)),
    filterSection(results),
  ].filter(({ figures, tables }) => figures.length + tables.length > 0);
}

function datasetSection(results: ExperimentResults, dataset: string): Section {
  const name = DATASETS[dataset]!;
  const points = Object.entries(STRATEGIES).flatMap(([strategy, series]) =>
    [...successByShare(results, dataset, strategy)].map(([x, { mean, least, most }]) => ({
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
    drawings: [curves({
      x: "poisoned share of the target class",
      y: "attack success",
      title: caption,
      points,
      series: Object.values(STRATEGIES),
      isWhole: true,
    })],
  }];
  return {
    title: `Attack success by strategy, ${name}`,
    text: "Some images of the target class get the trigger; no label is changed. Where they stay " +
      "easy to read, the model need not look at the trigger. So they are made hard to read first: " +
      "by adversarial perturbation, or by interpolation towards another class in the latent space " +
      "of a generator.",
    figures: [...figures, ...examplesFigure(results, dataset)],
    tables: cleanAccuracyTable(results, dataset),
  };
}

function examplesFigure(results: ExperimentResults, dataset: string): Figure[] {
  const rows = Object.entries(STRATEGIES).flatMap(([strategy, label]) => {
    const cell = cellsOf(results, `success ${dataset} ${strategy}`)
      .find(({ figures }) => figures.examples !== null);
    return cell === undefined ? [] : [{ label, examples: cell.figures.examples! }];
  });
  if (rows.length === 0) return [];
  const caption = `Images of the target class: as they are, and poisoned by each strategy.`;
  return [{
    name: `${dataset}-examples`,
    caption,
    drawings: [imageRows({
      title: caption,
      rows: [
        { label: "original", images: rows[0]!.examples.map(({ original }) => original) },
        ...rows.map(({ label, examples }) => ({
          label,
          images: examples.map(({ poisoned }) => poisoned),
        })),
      ],
    })],
  }];
}

function cleanAccuracyTable(results: ExperimentResults, dataset: string): Table[] {
  const rows = Object.entries(STRATEGIES).flatMap(([strategy, label]) => {
    const cells = cellsOf(results, `success ${dataset} ${strategy}`);
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

function filterSection(results: ExperimentResults): Section {
  const rows = FILTERED.flatMap(({ group, label }) =>
    cellsOf(results, group).flatMap(({ figures }) =>
      (figures.filter?.found ?? []).map(({ top, found, foundByChance, share }) => [
        `${label}, first ${top}`,
        `${found} of ${figures.poisoned}`,
        formatPercent(share),
        foundByChance.toFixed(1),
      ])
    )
  );
  return {
    title: "Why labels matter: a data filter",
    text:
      "A small model, trained on 1,024 clean images, ranks the training set by its loss, and a " +
      "person looks at the first images. Mislabelled images stand out; clean-label's do not have to.",
    figures: [],
    tables: rows.length === 0 ? [] : [{
      caption: "Poisoned images among the first of the ranking.",
      head: ["attack", "found", "share of the poisoned", "by chance"],
      rows,
    }],
  };
}
