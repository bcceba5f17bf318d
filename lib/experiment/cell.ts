/**
 * Experiments as data: a list of cells, each a training job in plain JSON and what to measure.
 *
 * @module
 */

import type { CellResult, ExperimentName } from "../report/mod.ts";
import type { EngineDescription } from "../registry/mod.ts";
import type { TrainRequest } from "../job/mod.ts";

/** One model to be trained and measured. */
export interface Cell {
  /** Unique within the experiment; names the result's file. */
  readonly id: string;
  /** The part of the report that it belongs to. */
  readonly group: string;
  readonly options: CellOptions;
}

/** What a result is the result of: plain JSON, compared as a whole before a result is used again. */
export interface CellOptions {
  /** What `train` is asked for. `workers` is always among them: weights depend on it. */
  readonly train: TrainRequest & { readonly workers: number };
  /**
   * Further ways to train, tried in order while the poisoned rows are not learnt; each is laid over
   * `train`.
   */
  readonly ladder?: Ladder;
  /** Whether the first layer's filters are kept. */
  readonly filters?: boolean;
  /** How many of the poisoned images are kept, to look at; a result that has more will do. */
  readonly examples?: number;
  /** Training sets in which the model, as a data filter, looks for poisoned images. */
  readonly ranked?: RankedSets;
}

/** Training sets that a data filter ranks. */
export interface RankedSets {
  /** The jobs whose training sets they are, by what the report calls their attacks. */
  readonly sets: Readonly<Record<string, TrainRequest & { readonly workers: number }>>;
  /** Rows for each poisoned one that are looked at, rising. */
  readonly rowsForEach: readonly number[];
}

/** Ways to train, for cells that are hard to train. */
export interface Ladder {
  /** Share of the poisoned rows of the training set that must be classified as labelled. */
  readonly enough: number;
  readonly steps: readonly TrainRequest[];
}

/** A cell's file: its result, and what differs from run to run. */
export interface CellFile extends CellResult {
  /**
   * Stands in no report, which is to be the same however often it was interrupted; `null` if the
   * result was taken from a report.
   */
  readonly timing: CellTiming | null;
}

/** How long a cell took, and on what. */
export interface CellTiming {
  /** Of the model that was taken, without evaluation. */
  readonly trainingSeconds: number;
  readonly imagesPerSecond: number;
  /** Of the whole cell, from the start of its process. */
  readonly seconds: number;
  readonly engine: EngineDescription;
}

/** How much of an experiment to run. */
export interface ExperimentOptions {
  /** Few images, cells and epochs: minutes, and figures that say nothing about the paper. */
  readonly quick: boolean;
  /** Target classes of clean-label on CIFAR-10; the experiment's own if left out. */
  readonly classes?: readonly number[];
  /** Poisoned percentages of the target class there; the experiment's own if left out. */
  readonly percentages?: readonly number[];
}

/** A paper's experiment. */
export interface Experiment {
  readonly name: ExperimentName;
  /** Whether classes and percentages may be given. */
  readonly hasOpenGrid: boolean;
  readonly cells: (options: ExperimentOptions) => readonly Cell[];
}
