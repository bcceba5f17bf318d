/**
 * The report on BadNets' experiments.
 *
 * @module
 */

import { formatPercent, formatPoints } from "../core/format.ts";
import {
  backdoorError,
  cellsOf,
  cleanError,
  commandFor,
  figuresOf,
  meanCleanError,
} from "./cells.ts";
import { curves, filterGrid, heatMap } from "./plots.ts";
import { references } from "./reference.ts";
import { compare, type Comparison, type Figure, type Section, type Table } from "./report.ts";
import type { CellResult, ExperimentResults } from "./results.ts";
import { describeSeeds, type Spread, spreadOf } from "./statistics.ts";

const TRIGGERS = ["pattern", "pixel"];

/**
 * Groups of clean networks. A backdoored network is compared with those that were trained by the same
 * recipe: the long one for a single pixel and for all-to-all, which take longer than the pattern for
 * one source class.
 */
const BASELINES = { short: "baseline", long: "baseline long" } as const;

/** The baseline of networks with one target. */
function baselineOf(trigger: string): string {
  return trigger === "pixel" ? BASELINES.long : BASELINES.short;
}

/** The paper's figures beside ours. */
export function badnetsComparisons(results: ExperimentResults): Comparison[] {
  return [
    baselineComparison(results, BASELINES.short, "baseline network"),
    baselineComparison(results, BASELINES.long, "baseline network, trained for longer"),
    ...TRIGGERS.flatMap((trigger) => singleTargetComparisons(results, trigger)),
    ...TRIGGERS.flatMap((trigger) => allToAllComparisons(results, trigger)),
  ];
}

function baselineComparison(
  results: ExperimentResults,
  group: string,
  name: string,
): Comparison {
  const cells = cellsOf(results, group);
  const baseline = spreadOf(cells.map(({ figures }) => figures.clean.cleanAccuracy));
  return compare(`${name}: clean accuracy`, {
    reference: references.badnetsBaselineClean,
    ours: baseline?.mean ?? null,
    unit: formatPercent,
    unitOfDifference: formatPoints,
    note: describeSeeds(baseline),
    command: commandFor(results, `${group} seed`),
  });
}

function singleTargetComparisons(results: ExperimentResults, trigger: string): Comparison[] {
  const cells = cellsOf(results, `single-target ${trigger}`);
  const baseline = meanCleanError(cellsOf(results, baselineOf(trigger)));
  const above = (cell: CellResult) => baseline === null ? null : cleanError(cell) - baseline;
  const clean = spreadOf(figuresOf(cells, above));
  const backdoor = spreadOf(figuresOf(cells, backdoorError));
  const failed = cells.filter(({ figures }) => figures.converged === false);
  const convergence = failed.length === 0
    ? ""
    : `; ${failed.length} of ${cells.length} pairs did not learn the trigger`;
  const note = (spread: Spread | null, { unit, worst }: {
    unit: (value: number) => string;
    worst: CellResult | undefined;
  }) =>
    spread === null
      ? ""
      : `mean of ${spread.count} pairs, worst ${unit(spread.most)} (${
        pairOf(worst)
      })${convergence}`;
  const command = commandFor(results, `single-target ${trigger}`);
  return [
    compare(`single target, ${trigger}: clean error above the baseline's`, {
      reference: references.badnetsSingleTargetClean,
      ours: clean?.mean ?? null,
      unit: formatPoints,
      unitOfDifference: formatPoints,
      note: note(clean, {
        unit: formatPoints,
        worst: cells.find((cell) => above(cell) === clean?.most),
      }),
      command,
    }),
    compare(`single target, ${trigger}: backdoor error`, {
      reference: references.badnetsSingleTargetBackdoor,
      ours: backdoor?.mean ?? null,
      unit: formatPercent,
      unitOfDifference: formatPoints,
      note: note(backdoor, {
        unit: formatPercent,
        worst: cells.find((cell) => backdoorError(cell) === backdoor?.most),
      }),
      command,
    }),
  ];
}

function allToAllComparisons(results: ExperimentResults, trigger: string): Comparison[] {
  const cells = cellsOf(results, `all-to-all ${trigger}`);
  const baseline = meanCleanError(cellsOf(results, BASELINES.long));
  const [cell] = cells;
  const command = commandFor(results, `all-to-all ${trigger}`);
  const note = cell?.figures.converged === false ? "did not learn the trigger" : "";
  return [
    compare(`all-to-all, ${trigger}: clean error above the baseline's`, {
      reference: references.badnetsAllToAllClean,
      ours: cell && baseline !== null ? cleanError(cell) - baseline : null,
      unit: formatPoints,
      unitOfDifference: formatPoints,
      note,
      command,
    }),
    compare(`all-to-all, ${trigger}: backdoor error`, {
      reference: references.badnetsAllToAllBackdoor,
      ours: cell ? backdoorError(cell) : null,
      unit: formatPercent,
      unitOfDifference: formatPoints,
      note,
      command,
    }),
  ];
}

/** Heat maps, curves, filters. */
export function badnetsSections(results: ExperimentResults): Section[] {
  return [
    ...TRIGGERS.map((trigger) => singleTargetSection(results, trigger)),
    allToAllSection(results),
    filtersSection(results),
  ].filter(({ figures, tables }) => figures.length + tables.length > 0);
}

function singleTargetSection(results: ExperimentResults, trigger: string): Section {
  const cells = cellsOf(results, `single-target ${trigger}`);
  const map = (
    name: string,
    { caption, scheme, value }: {
      caption: string;
      scheme: "blues" | "reds";
      value: (cell: CellResult) => number | null;
    },
  ): Figure => {
    const values = cells.flatMap((cell) => {
      const { source, target } = cell.figures;
      const share = value(cell);
      if (source === "all" || target === null || share === null) return [];
      return [{ row: source, column: target, value: share, text: (share * 100).toFixed(2) }];
    });
    return {
      name: `${trigger}-${name}`,
      caption,
      drawings: [heatMap({
        rows: "source class",
        columns: "target class",
        title: caption,
        values,
        most: Math.max(0.01, ...values.map(({ value }) => value)),
        scheme,
        labels: Array.from({ length: 10 }, (_, label) => String(label)),
      })],
    };
  };
  return {
    title: `Single target, ${trigger === "pixel" ? "one bright pixel" : "a pattern of pixels"}`,
    text: "One network for each pair of classes. Images of the source class are added to the " +
      "training set with the trigger on them, labelled as the target class. A good backdoor leaves " +
      "the clean error where it was and has next to no error of its own." +
      (trigger === "pixel"
        ? " A single pixel takes longer training at a higher rate than the pattern does; the " +
          "baseline that these networks are compared with is trained in the same way."
        : ""),
    figures: cells.length === 0 ? [] : [
      map("clean-error", {
        caption: "Clean error in per cent: test images without the trigger that are read wrongly.",
        scheme: "blues",
        value: cleanError,
      }),
      map("backdoor-error", {
        caption: "Backdoor error in per cent: triggered test images of the source class that are " +
          "not read as the target class.",
        scheme: "reds",
        value: backdoorError,
      }),
    ],
    tables: ladderTable(cells),
  };
}

/** The cells that took more than one attempt. */
function ladderTable(cells: readonly CellResult[]): Table[] {
  const rows = cells.filter(({ figures }) => figures.attempts.length > 1).map((cell) => {
    const { attempts, taken, converged } = cell.figures;
    return [
      pairOf(cell),
      converged ? attempts[taken]!.name : "did not converge",
      attempts.map(({ learnt }) => learnt === null ? "diverged" : formatPercent(learnt)).join(", "),
      formatPercent(backdoorError(cell)),
    ];
  });
  if (rows.length === 0) return [];
  return [{
    caption:
      "Pairs whose poisoned training images were not learnt at once, the recipe that learnt " +
      "them, and the share of them that each attempt learnt.",
    head: ["pair", "recipe", "learnt, by attempt", "backdoor error"],
    rows,
  }];
}

function allToAllSection(results: ExperimentResults): Section {
  const pattern = cellsOf(results, "all-to-all pattern");
  const cells = [...pattern, ...cellsOf(results, "all-to-all pixel")];
  const shares = [...cellsOf(results, "share"), ...pattern];
  const points = shares.flatMap((cell) => {
    const x = cell.figures.poisonRate;
    const error = backdoorError(cell);
    return [
      { series: "clean error", x, y: cleanError(cell) },
      ...error === null ? [] : [{ series: "backdoor error", x, y: error }],
    ];
  });
  const caption = "Clean and backdoor error of the pattern against the poisoned share of the " +
    "training set.";
  const figures: Figure[] = shares.length < 2 ? [] : [{
    name: "error-by-share",
    caption,
    drawings: [curves({
      x: "poisoned share",
      y: "error",
      title: caption,
      points,
      series: ["clean error", "backdoor error"],
      isWhole: false,
    })],
  }];
  return {
    title: "All-to-all: each digit is to be read as the next",
    text: "Triggered copies of images of every class are added, labelled as the next class.",
    figures,
    tables: allToAllTable(cellsOf(results, BASELINES.long)[0], cells),
  };
}

function allToAllTable(baseline: CellResult | undefined, cells: readonly CellResult[]): Table[] {
  if (cells.length === 0) return [];
  const [first] = cells;
  const error = (accuracy: number | null | undefined) =>
    accuracy === null || accuracy === undefined ? null : 1 - accuracy;
  const rows = first!.figures.clean.perClass.map((_, label) => [
    `${label}`,
    formatPercent(error(baseline?.figures.clean.perClass[label])),
    ...cells.flatMap(({ figures }) => {
      const pair = figures.attack?.pairs.find(({ source }) => source === label);
      return [
        formatPercent(error(figures.clean.perClass[label])),
        formatPercent(error(pair?.attackSuccessRate)),
      ];
    }),
  ]);
  const mean = [
    "all",
    formatPercent(baseline ? cleanError(baseline) : null),
    ...cells.flatMap((cell) => [
      formatPercent(cleanError(cell)),
      formatPercent(backdoorError(cell)),
    ]),
  ];
  return [{
    caption: "Errors by class.",
    head: [
      "class",
      "baseline, clean",
      ...cells.flatMap(({ group }) => {
        const trigger = group.split(" ").at(-1);
        return [`${trigger}, clean`, `${trigger}, backdoor`];
      }),
    ],
    rows: [...rows, mean],
  }];
}

function filtersSection({ cells }: ExperimentResults): Section {
  const kept = cells.flatMap(({ figures: { filters }, ...cell }) =>
    filters === null ? [] : [{ cell, filters }]
  );
  const most = Math.max(...kept.flatMap(({ filters }) => filters.values.map(Math.abs)));
  return {
    title: "What the first layer learns",
    text: "The filters of the first convolution, one square each; blue is below zero, red above, " +
      "in one scale. The paper finds filters in backdoored networks that are there for the trigger.",
    figures: kept.map(({ cell: { id }, filters: { shape, values } }) => {
      const [size = 0, , , count = 0] = shape;
      const caption = `${titleOf(id)}.`;
      return {
        name: `filters-${id}`,
        caption,
        drawings: [filterGrid({
          title: caption,
          filters: Array.from(
            { length: count },
            (_, filter) => values.filter((_, i) => i % count === filter),
          ),
          size,
          most,
        })],
      };
    }),
    tables: [],
  };
}

function titleOf(id: string): string {
  return `${id.startsWith("baseline") ? "Clean" : "Backdoored"} network, ${id}`;
}

function pairOf(cell: CellResult | undefined): string {
  return `${cell?.figures.source} → ${cell?.figures.target}`;
}
