/**
 * What experiments come to, as JSON: all that a report is made from.
 *
 * @module
 */

import type { Json } from "../core/types.ts";
import type { FilterFigures } from "../defence/mod.ts";
import type { Evaluation } from "../evaluate/mod.ts";
import type { PerturbationNumbers } from "../perturb/mod.ts";
import type { Augmentation } from "../train/mod.ts";

/** The experiments, each of one paper. */
export type ExperimentName = "article" | "badnets" | "clean-label";

/** One trained model, or one other measurement, with all that it takes to do it again. */
export interface CellResult {
  readonly format: 1;
  /** Tells it from the other cells of its experiment, for people too: `"all-to-all-pixel"`. */
  readonly id: string;
  /** The part of the report that it belongs to. */
  readonly group: string;
  /** What was asked for. */
  readonly options: Json;
  /** The training that this came to, also if a number was left to its default. */
  readonly job: CellJob;
  /** SHA-256 that names the data (`Dataset.digest`). */
  readonly dataDigest: string;
  readonly versions: { readonly edgedoor: string; readonly tfjs: string };
  /** The command line that trains the same model. */
  readonly command: string;
  readonly figures: Figures;
}

/** What a cell's training came to, as far as a report tells it; there are more options. */
export interface CellJob {
  readonly dataset: string;
  /** Images of the training set that were taken; all if left out. */
  readonly limit?: number;
  readonly model: string;
  readonly depth?: number;
  readonly recipe: string;
  readonly epochs: number;
  readonly batchSize: number;
  /** 1 if left out. */
  readonly learningRateFactor?: number;
  readonly augmentation: Augmentation;
  /** Of clean-label alone. */
  readonly perturbation?: PerturbationNumbers;
  /** Of clean-label alone. */
  readonly withReplacement?: boolean;
}

/** Figures of a trained model; rates are fractions. */
export interface Figures extends Evaluation {
  readonly attackKind: string;
  /** `null` without an attack, and if each class has its own. */
  readonly target: number | null;
  readonly source: number | "all";
  /** As asked for; see the attack's definition for what it is a share of. */
  readonly poisonRate: number;
  readonly seed: number;
  /** Rows of the training set, and of them those with the trigger. */
  readonly trainImages: number;
  readonly poisoned: number;
  /** Share of the poisoned rows of the training set that are classified as labelled; `null` if no row is. */
  readonly learnt: number | null;
  /** What was tried until the poisoned rows were learnt, in order. */
  readonly attempts: readonly Attempt[];
  /** The attempt, from 0, whose model the figures are of. */
  readonly taken: number;
  /** Whether the poisoned rows were learnt; `null` if that was not asked for. */
  readonly converged: boolean | null;
  /** The first layer's filters; `null` if they were not asked for. */
  readonly filters: Filters | null;
  /** Some of the poisoned images; `null` if they were not asked for. */
  readonly examples: readonly Example[] | null;
  /** What the model finds as a data filter, by attack; `null` if not asked for. */
  readonly filter: readonly FilterResult[] | null;
}

/** What a data filter finds of the poisoned rows of a training set. */
export interface FilterResult {
  /** `"badnets"`, or `"clean-label "` and a strategy. */
  readonly attack: string;
  /** Rows of the training set, and of them those with the trigger. */
  readonly trainImages: number;
  readonly poisoned: number;
  /** Among the first rows of its ranking, the shortest part first. */
  readonly found: readonly FilterFigures[];
}

/** A poisoned image of a training set, as PNG data URLs. */
export interface Example {
  /** As it is in the data set. */
  readonly original: string;
  /** As it is trained on. */
  readonly poisoned: string;
}

/** One way to train that was tried. */
export interface Attempt {
  /** The flags that differ from the cell's first way: `"--batch-size 32"`. */
  readonly name: string;
  /** As `Figures.learnt`; `null` if the loss diverged, or nothing was to be learnt. */
  readonly learnt: number | null;
}

/** The filters of a convolution. */
export interface Filters {
  /** `(height, width, channels, filters)`. */
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: readonly number[];
}

/** An experiment, as far as it has been run. */
export interface ExperimentResults {
  readonly format: 1;
  readonly experiment: ExperimentName;
  /** Whether it is the short version, whose figures say nothing about the paper. */
  readonly quick: boolean;
  /** What was asked for in the place of the experiment's own grid, if something was. */
  readonly grid?: {
    readonly classes?: readonly number[];
    readonly percentages?: readonly number[];
  };
  /** In the order of the experiment's list. */
  readonly cells: readonly CellResult[];
  /** The cells that are not there yet. */
  readonly missing: readonly string[];
}
