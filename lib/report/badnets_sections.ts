/**
 * The report on BadNets' experiments: heat maps, curves, filters.
 *
 * @module
 */

import { formatPercent, formatShare } from "../core/format.ts";
import { BASELINES, pairOf, shareCells, TRIGGERS } from "./badnets_cells.ts";
import { backdoorError, cellsOf, cleanError, figuresOf } from "./cells.ts";
import { curves, filterGrid, heatMap } from "./plots.ts";
import type { Figure, Section, Table } from "./report.ts";
import type { CellResult, ExperimentResults } from "./results.ts";
import { setupOf } from "./setup.ts";
import { spreadOf } from "./statistics.ts";

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
      drawing: heatMap({
        rows: "source class",
        columns: "target class",
        title: caption,
        values,
        most: Math.max(0.01, ...values.map(({ value }) => value)),
        scheme,
        labels: Array.from({ length: 10 }, (_, label) => String(label)),
      }),
    };
  };
  return {
    title: `Single target, ${trigger === "pixel" ? "one bright pixel" : "a pattern of pixels"}`,
    text: "One network for each pair of classes. Images of the source class are added to the " +
      "training set with the trigger on them, labelled as the target class. A good backdoor leaves " +
      "the clean error where it was and has next to no error of its own." +
      (trigger === "pixel"
        ? " A single pixel takes longer training at a higher rate than the pattern does. The " +
          "baseline that these networks are compared with is trained by the first of their " +
          "recipes; pairs that took another were trained for longer or at a higher rate still."
        : ""),
    setup: setupOf(cells),
    figures: cells.length === 0 ? [] : [
      map("clean-error", {
        caption: "Clean error in per cent: test images without the trigger that are misclassified.",
        scheme: "blues",
        value: cleanError,
      }),
      map("backdoor-error", {
        caption: "Backdoor error in per cent: triggered test images of the source class that are " +
          "not classified as the target class.",
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
  const cells = TRIGGERS.flatMap((trigger) => cellsOf(results, `all-to-all ${trigger}`));
  const shares = shareCells(results);
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
    drawing: curves({
      x: "poisoned share",
      y: "error",
      title: caption,
      points,
      series: ["clean error", "backdoor error"],
      isWhole: false,
    }),
  }];
  return {
    title: "All-to-all: each digit is to be classified as the next",
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
      formatShare(cell.figures.poisonRate),
      ...[cleanError(cell), backdoorError(cell)].map(formatPercent),
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
        drawing: filterGrid({
          title: caption,
          filters: Array.from(
            { length: count },
            (_, filter) => values.filter((_, i) => i % count === filter),
          ),
          size,
          most,
        }),
      };
    }),
    tables: [],
  };
}

function titleOf(id: string): string {
  return `${id.startsWith("baseline") ? "Clean" : "Backdoored"} network, ${id}`;
}
