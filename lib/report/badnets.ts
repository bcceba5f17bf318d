/**
 * The report on BadNets' experiments.
 *
 * @module
 */

import { formatCountOf, formatPercent, formatPoints } from "../core/format.ts";
import { backdoorError, cellsOf, cleanError, figuresOf, measuredBy } from "./cells.ts";
import { curves, filterGrid, heatMap } from "./plots.ts";
import { references } from "./reference.ts";
import { compare, type Comparison, type Figure, type Section, type Table } from "./report.ts";
import type { CellResult, ExperimentResults } from "./results.ts";
import { setupOf } from "./setup.ts";
import { describeSeeds, spreadOf } from "./statistics.ts";

const TRIGGERS = ["pattern", "pixel"];

/**
 * Groups of clean networks. A backdoored network is compared with those that were trained for as
 * long: the long ones for a single pixel and for all-to-all, which take longer than the pattern for
 * one source class, and for pairs that the short recipe did not learn.
 */
const BASELINES = { short: "baseline", long: "baseline long" } as const;

/** The mean clean error of the networks that a backdoored one is compared with; `null` for none. */
function baselineOf(results: ExperimentResults, { job: { epochs }, figures }: CellResult) {
  const [short] = cellsOf(results, BASELINES.short);
  const isShort = epochs === short?.job.epochs && figures.taken === 0;
  const cells = cellsOf(results, isShort ? BASELINES.short : BASELINES.long);
  return spreadOf(cells.map(cleanError))?.mean ?? null;
}

/** What an attack costs: clean error above the baseline's; `null` without a baseline. */
function cleanErrorAbove(results: ExperimentResults, cell: CellResult): number | null {
  const baseline = baselineOf(results, cell);
  return baseline === null ? null : cleanError(cell) - baseline;
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
    note: describeSeeds(baseline),
    by: measuredBy(results, `${group} seed`),
  });
}

/** The paper gives the most over all pairs; ours are the mean and the worst. */
function singleTargetComparisons(results: ExperimentResults, trigger: string): Comparison[] {
  const group = `single-target ${trigger}`;
  const cells = cellsOf(results, group);
  const failed = cells.filter(({ figures }) => figures.converged === false);
  const convergence = failed.length === 0
    ? []
    : [`${failed.length} of ${cells.length} pairs did not learn the trigger`];
  const rows = (
    what: string,
    { figure, ...options }: Pick<Parameters<typeof compare>[1], "reference" | "unit" | "by"> & {
      figure: (cell: CellResult) => number | null;
    },
  ) => {
    const spread = spreadOf(figuresOf(cells, figure));
    const worst = pairOf(cells.find((cell) => figure(cell) === spread?.most));
    const above = figuresOf(cells, figure).filter((value) => value > options.reference.value);
    return [
      compare(`single target, ${trigger}: ${what}, mean`, {
        ...options,
        ours: spread?.mean ?? null,
        note: [`of ${formatCountOf(spread?.count ?? 0, "pair")}`, ...convergence].join("; "),
      }),
      compare(`single target, ${trigger}: ${what}, worst pair`, {
        ...options,
        ours: spread?.most ?? null,
        note: `${worst}; ${formatCountOf(above.length, "pair")} above the paper's`,
      }),
    ];
  };
  return [
    ...rows("clean error above the baseline's", {
      reference: references.badnetsSingleTargetClean,
      figure: (cell) => cleanErrorAbove(results, cell),
      unit: formatPoints,
      by: measuredBy(results, "baseline", group),
    }),
    ...rows("backdoor error", {
      reference: references.badnetsSingleTargetBackdoor,
      figure: backdoorError,
      unit: formatPercent,
      by: measuredBy(results, group),
    }),
  ];
}

function allToAllComparisons(results: ExperimentResults, trigger: string): Comparison[] {
  const group = `all-to-all ${trigger}`;
  const [cell] = cellsOf(results, group);
  const note = cell?.figures.converged === false ? "did not learn the trigger" : "";
  return [
    compare(`all-to-all, ${trigger}: clean error above the baseline's`, {
      reference: references.badnetsAllToAllClean,
      ours: cell ? cleanErrorAbove(results, cell) : null,
      unit: formatPoints,
      note,
      by: measuredBy(results, `${BASELINES.long} seed`, group),
    }),
    compare(`all-to-all, ${trigger}: backdoor error`, {
      reference: references.badnetsAllToAllBackdoor,
      ours: cell ? backdoorError(cell) : null,
      unit: formatPercent,
      note,
      by: measuredBy(results, group),
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
      isWide: false,
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
    setup: setupOf(cells),
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
    isWide: true,
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
    setup: setupOf([...cells, ...shares]),
    figures,
    tables: [...shareTable(shares), ...allToAllTable(cellsOf(results, BASELINES.long), cells)],
  };
}

/** The curve's figures. */
function shareTable(cells: readonly CellResult[]): Table[] {
  if (cells.length < 2) return [];
  return [{
    caption: "Errors of the pattern by poisoned share.",
    head: ["poisoned share", "clean error", "backdoor error"],
    rows: cells.map((cell) => [
      ...[cell.figures.poisonRate, cleanError(cell), backdoorError(cell)].map(formatPercent),
    ]),
  }];
}

function allToAllTable(baselines: readonly CellResult[], cells: readonly CellResult[]): Table[] {
  const [first] = cells;
  if (first === undefined) return [];
  const error = (accuracy: number | null | undefined) =>
    accuracy === null || accuracy === undefined ? null : 1 - accuracy;
  const meanOfBaselines = (accuracy: (cell: CellResult) => number | null | undefined) =>
    formatPercent(error(spreadOf(figuresOf(baselines, accuracy))?.mean));
  const rows = first.figures.clean.perClass.map((_, label) => [
    `${label}`,
    meanOfBaselines(({ figures }) => figures.clean.perClass[label]),
    ...cells.flatMap(({ figures }) => {
      const pair = figures.attack?.pairs.find(({ source }) => source === label);
      return [
        formatPercent(error(figures.clean.perClass[label])),
        formatPercent(error(pair?.attackSuccessRate)),
      ];
    }),
  ]);
  const all = [
    "all",
    meanOfBaselines(({ figures }) => figures.clean.cleanAccuracy),
    ...cells.flatMap((cell) => [cleanError(cell), backdoorError(cell)].map(formatPercent)),
  ];
  return [{
    caption: "Errors by class; the baseline's are means of its seeds.",
    head: [
      "class",
      "baseline, clean",
      ...cells.flatMap(({ group }) => {
        const trigger = group.split(" ").at(-1);
        return [`${trigger}, clean`, `${trigger}, backdoor`];
      }),
    ],
    rows: [...rows, all],
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
    setup: [],
    figures: kept.map(({ cell: { id }, filters: { shape, values } }) => {
      const [size = 0, , , count = 0] = shape;
      const caption = `${titleOf(id)}.`;
      return {
        name: `filters-${id}`,
        caption,
        isWide: false,
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
