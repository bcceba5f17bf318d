/** Results of experiments that nobody ran: figures by formula. */

import type {
  CellResult,
  ExperimentResults,
  Figures,
  FilterResult,
} from "../../../lib/report/mod.ts";

const CLASSES = 10;
const IMAGES = 1000;

/** What is said of a cell; the rest is the same for all. */
export type FakeCell =
  & Pick<CellResult, "id" | "group">
  & Partial<Figures>
  & { readonly cleanError: number; readonly backdoorError?: number; readonly epochs?: number };

/** A cell whose figures are what is said of them. */
export function fakeCell(
  { id, group, cleanError, backdoorError, epochs = 6, ...figures }: FakeCell,
): CellResult {
  const share = (error: number) => 1 - error;
  const confusion = Array.from({ length: CLASSES }, () => new Array<number>(CLASSES).fill(0));
  const rates = {
    attackSuccessRate: share(backdoorError ?? 0),
    robustAccuracy: 0,
    victims: IMAGES,
    flipRate: null,
    flippable: 0,
  };
  const pairs = Array.from(
    { length: CLASSES },
    (_, source) => ({ ...rates, source, target: (source + 1) % CLASSES }),
  );
  return {
    format: 1,
    id,
    group,
    options: {},
    job: {
      ...{ dataset: "mnist", model: "badnets", recipe: "one-cycle", epochs, batchSize: 128 },
      augmentation: { shift: 0, flip: false, order: "before trigger" },
    },
    dataDigest: "0".repeat(64),
    versions: { edgedoor: "0.1.0", tfjs: "4.22.0" },
    command: `deno task train --name ${id}`,
    figures: {
      attackKind: backdoorError === undefined ? "none" : "single-target",
      target: null,
      source: "all",
      poisonRate: 0,
      seed: 1,
      trainImages: 60_000,
      poisoned: 0,
      learnt: null,
      attempts: [{ name: "as it is", learnt: null }],
      taken: 0,
      converged: null,
      filters: null,
      examples: null,
      filter: null,
      clean: {
        cleanAccuracy: share(cleanError),
        perClass: new Array(CLASSES).fill(share(cleanError)),
        confusion,
      },
      attack: backdoorError === undefined
        ? null
        : { ...rates, pairs, triggeredConfusion: confusion },
      ...figures,
    },
  };
}

/** A first layer of 16 filters of 5×5. */
function fakeFilters(phase: number) {
  return {
    shape: [5, 5, 1, 16],
    values: Array.from({ length: 400 }, (_, i) => Math.sin(i * 0.7 + phase)),
  };
}

/** What a data filter finds of a hundred poisoned images. */
export function fakeFilter(attack: string, found: number): FilterResult {
  return {
    ...{ attack, trainImages: 60_000, poisoned: 100 },
    found: [{ top: 300, found, foundByChance: 0.5, share: found / 100 }],
  };
}

/** Epochs of what takes longer. */
const LONG = 15;

/** BadNets' experiment as the paper found it; with one pair of the pixel that was not learnt. */
export function fakeBadnets(): ExperimentResults {
  const classes = Array.from({ length: CLASSES }, (_, label) => label);
  const pairs = (trigger: string) =>
    classes.flatMap((source) =>
      classes.filter((target) => target !== source).map((target) => {
        const isHard = trigger === "pixel" && source === 3 && target === 8;
        return fakeCell({
          id: `single-target-${trigger}-${source}-to-${target}`,
          group: `single-target ${trigger}`,
          epochs: trigger === "pixel" ? LONG : undefined,
          cleanError: 0.005 + source * 1e-4 + target * 5e-5,
          backdoorError: isHard ? 0.74 : ((source * 7 + target) % 9) * 1e-4,
          source,
          target,
          converged: !isHard,
          attempts: isHard
            ? [{ name: "as it is", learnt: 0.1 }, { name: "--batch-size 32", learnt: null }]
            : [{ name: "as it is", learnt: 0.999 }],
        });
      })
    );
  const share = (poisonRate: number, backdoorError: number) =>
    fakeCell({
      id: `share-${poisonRate}`,
      group: "share",
      epochs: LONG,
      cleanError: 0.005 + poisonRate / 500,
      backdoorError,
      poisonRate,
    });
  const allToAll = (trigger: string) =>
    fakeCell({
      id: `all-to-all-${trigger}`,
      group: `all-to-all ${trigger}`,
      epochs: LONG,
      cleanError: 0.0049,
      backdoorError: 0.0056,
      poisonRate: 0.5,
      filters: fakeFilters(1),
    });
  const baseline = (group: string, cleanError: number, epochs?: number) =>
    fakeCell({
      epochs,
      id: `${group.replaceAll(" ", "-")}-seed-1`,
      group,
      cleanError,
      filters: fakeFilters(0),
    });
  const cells = [
    baseline("baseline", 0.005),
    baseline("baseline long", 0.0045, LONG),
    allToAll("pattern"),
    ...[[0.01, 0.2], [0.03, 0.06], [0.1, 0.02], [0.33, 0.007]].map(([rate, error]) =>
      share(rate!, error!)
    ),
    ...pairs("pattern"),
    allToAll("pixel"),
    ...pairs("pixel"),
  ];
  return { format: 1, experiment: "badnets", quick: false, cells, missing: [] };
}

/** Clean-label's experiment, on two classes; at half of the class the generator does better. */
export function fakeCleanLabel(): ExperimentResults {
  const success: Readonly<Record<string, readonly number[]>> = {
    pgd: [0.4, 0.9],
    gan: [0.2, 0.95],
    none: [0.01, 0.05],
  };
  const pixel = "data:image/png;base64,iVBORw0KGgo=";
  const grid = Object.entries(success).flatMap(([strategy, rates]) =>
    rates.flatMap((rate, i) =>
      [0, 1].map((target) =>
        fakeCell({
          id: `success-mnist-${strategy}-class-${target}-share-${i}`,
          group: `success mnist ${strategy}`,
          cleanError: 0.01,
          backdoorError: 1 - rate + (target - 0.5) * 0.02,
          target,
          poisonRate: [0.25, 0.5][i]!,
          examples: i + target === 0 ? [{ original: pixel, poisoned: pixel }] : null,
        })
      )
    )
  );
  const filter = (cleanImages: number, share: number) =>
    fakeCell({
      id: `filter-mnist-${cleanImages}`,
      group: "filter mnist",
      cleanError: 0.1,
      trainImages: cleanImages,
      filter: [
        fakeFilter("badnets", 80 * share),
        fakeFilter("clean-label none", 1 * share),
        fakeFilter("clean-label gan", 3 * share),
        fakeFilter("clean-label pgd", 60 * share),
      ],
    });
  return {
    format: 1,
    experiment: "clean-label",
    quick: false,
    cells: [
      filter(256, 0.5),
      filter(1024, 1),
      ...grid,
    ],
    missing: [],
  };
}
