/**
 * The report on the clean-label paper's motivation: what a data filter finds of which attack.
 *
 * @module
 */

import { formatCount, formatPercent } from "../core/format.ts";
import { cellsOf, measuredBy } from "./cells.ts";
import { DATASETS, PAPER, STRATEGIES } from "./clean_label.ts";
import { type CurvePoint, curves } from "./plots.ts";
import { compareStatement, type Comparison, type Section } from "./report.ts";
import type { ExperimentResults, FilterResult } from "./results.ts";
import { describeNetwork } from "./setup.ts";

/** Images of the paper's clean part: verdicts are on the filter that learns from as many. */
const CLEAN_IMAGES = 1024;

/**
 * Most, and few: what the filter is to find of BadNets' images, and of clean-label's, among three
 * times as many. The paper gives no bounds; these are ours.
 */
const MOST = 0.5;
const FEW = 0.2;

/** What the filter is shown: the end of the cells' group, what it is called, what it does to labels. */
interface Shown {
  readonly attack: string;
  readonly label: string;
  readonly isCleanLabel: boolean;
}

const BADNETS: Shown = { attack: "badnets", label: "BadNets", isCleanLabel: false };

const SHOWN: readonly Shown[] = [
  BADNETS,
  ...Object.entries(STRATEGIES).map(([strategy, label]) => ({
    attack: `clean-label ${strategy}`,
    label,
    isCleanLabel: true,
  })),
];

/** The filter's results for one attack on a data set. */
interface Filtered extends Shown {
  readonly trainImages: number;
  readonly poisoned: number;
  readonly filters: readonly FilterResult[];
}

/** The paper's claims beside what was found. */
export function filterComparisons(results: ExperimentResults): Comparison[] {
  return Object.keys(DATASETS).flatMap((dataset) =>
    SHOWN.map((shown) => filterComparison(results, { dataset, shown }))
  );
}

function filterComparison(
  results: ExperimentResults,
  { dataset, shown }: { dataset: string; shown: Shown },
): Comparison {
  const { attack, label, isCleanLabel } = shown;
  const name = DATASETS[dataset];
  const [filtered] = filteredBy(results, dataset, shown);
  const filter = filtered?.filters.find(({ cleanImages }) => cleanImages === CLEAN_IMAGES);
  const share = filter === undefined ? null : widest(filter).share;
  return compareStatement(
    isCleanLabel
      ? `data filter on ${name}: clean-label's poisoned images are not found, ${label}`
      : `data filter on ${name}: BadNets' poisoned images are found`,
    {
      paper: isCleanLabel ? "few" : "most",
      ours: formatPercent(share),
      holds: share === null ? null : isCleanLabel ? share < FEW : share > MOST,
      source: `${PAPER}, motivation, without bounds`,
      margin: isCleanLabel
        ? `few is here below ${formatPercent(FEW)}`
        : `most is here above ${formatPercent(MOST)}`,
      note: filtered === undefined || filter === undefined ? "" : describe(filtered, filter),
      by: measuredBy(results, `filter ${dataset} ${attack}`),
    },
  );
}

function describe({ filters, poisoned, trainImages }: Filtered, filter: FilterResult): string {
  const { found, top, foundByChance } = widest(filter);
  const others = filters.filter((other) => other !== filter).map((other) =>
    `${widest(other).found} of ${poisoned} by one of ${formatCount(other.cleanImages)}`
  );
  return [
    `${found} of ${poisoned} among the first ${top} of ${formatCount(trainImages)} images; by ` +
    `chance ${foundByChance.toFixed(1)}; a filter of ${formatCount(filter.cleanImages)} clean ` +
    `images, which reads ${formatPercent(filter.cleanAccuracy)} of the test images rightly`,
    ...others,
  ].join("; ");
}

/** What someone finds who looks at as many rows as were measured. */
function widest({ found }: FilterResult) {
  return found.at(-1)!;
}

/** Empty where it was not measured. */
function filteredBy(results: ExperimentResults, dataset: string, shown: Shown): Filtered[] {
  return cellsOf(results, `filter ${dataset} ${shown.attack}`).flatMap(
    ({ figures: { trainImages, poisoned, filter } }) =>
      filter === null ? [] : { ...shown, trainImages, poisoned, filters: filter },
  );
}

/** What is found, by the size of the clean part, for each data set. */
export function filterSections(results: ExperimentResults): Section[] {
  return Object.entries(DATASETS).flatMap(([dataset, name]) => {
    const filtered = SHOWN.flatMap((shown) => filteredBy(results, dataset, shown));
    return filtered.length === 0 ? [] : filterSection(filtered, { dataset, name });
  });
}

function filterSection(
  filtered: readonly Filtered[],
  { dataset, name }: { dataset: string; name: string },
): Section {
  const points = filtered.flatMap(({ label, filters }) =>
    filters.map((filter): CurvePoint => ({
      series: label,
      x: filter.cleanImages,
      y: widest(filter).share ?? 0,
    }))
  );
  const caption = `Share of the poisoned images that a data filter finds on ${name}, among three ` +
    "times as many that are looked at, against the clean images that it has learnt from.";
  return {
    title: `Why labels matter: a data filter, ${name}`,
    text:
      "The same network, trained on a few clean images, ranks the training set by its loss, and a " +
      "person looks at the first images. Mislabelled images stand out; clean-label's need not, " +
      "unless they are changed so much that a good filter takes them for another class.",
    setup: [
      ...new Set(
        filtered.flatMap(({ filters }) =>
          filters.map(({ setup }) => `the filter: ${describeNetwork(setup)}`)
        ),
      ),
    ],
    figures: [{
      name: `${dataset}-filter`,
      caption,
      isWide: true,
      drawings: [curves({
        x: "clean part",
        unit: "images",
        y: "poisoned images found",
        title: caption,
        points,
        // Strategies in the colours of Figure 3.
        series: [...Object.values(STRATEGIES), BADNETS.label],
        isWhole: true,
      })],
    }],
    tables: [{
      caption: "Poisoned images among the first of the ranking.",
      head: ["attack", "clean part", "filter's accuracy", "looked at", "found", "by chance"],
      rows: filtered.flatMap(({ label, poisoned, filters }) =>
        filters.flatMap(({ cleanImages, cleanAccuracy, found }) =>
          found.map((figures) => [
            ...[label, formatCount(cleanImages), formatPercent(cleanAccuracy)],
            ...[formatCount(figures.top), `${figures.found} of ${poisoned}`],
            figures.foundByChance.toFixed(1),
          ])
        )
      ),
    }],
  };
}
