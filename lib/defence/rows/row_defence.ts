/**
 * What every defence of a training set is: it gives each row a score, and who owns the set takes the
 * suspicious rows out or looks at them.
 *
 * This file imports no implementation; `definitions.ts` lists them.
 *
 * @module
 */

import type { BatchShape, ImageBatch, Json, LabelledImages } from "../../core/types.ts";
import type { Cost, DefenceOptions } from "../defence.ts";
import type { InputModel, ModelNeed } from "../input/mod.ts";

/** The rows of a training set, as a model is trained on them but for augmentation. */
export interface Rows {
  /** Number of rows M, then the size of each image. */
  readonly shape: BatchShape;
  /** The label that each row carries, `(M)`. */
  readonly labels: Uint8Array;
  /**
   * Reads some rows, so that a set need not be copied as a whole.
   *
   * @param first The first of them.
   * @param end Behind the last of them.
   * @returns `(end − first, H, W, C)`, values in 0–1.
   */
  read(first: number, end: number): ImageBatch;
}

/** What a defence may ask for beside rows. */
export type RowNeed = "model" | "reference" | "training" | ModelNeed;

/** Losses of all rows while a model is trained on them. */
export interface LossHistory {
  /** After each of the steps that were asked for: −ln of the probability of each row's label, `(M)`; nats. */
  readonly losses: readonly Float32Array[];
  readonly cost: Cost;
}

/**
 * Trains a new model on the rows.
 *
 * @param steps After how many updates losses are looked at, rising.
 * @throws The signal's reason, if it fires.
 */
export type LossesInTraining = (
  steps: readonly number[],
  options: DefenceOptions,
) => Promise<LossHistory>;

/** A training set, and what there is to judge it by. */
export interface RowSubject {
  readonly rows: Rows;
  readonly classes: number;
  /** A model that was trained on the rows. */
  readonly model?: InputModel | undefined;
  /** Images that are certain to be clean, with their classes; not among the rows. */
  readonly reference?: LabelledImages | undefined;
  readonly losses?: LossesInTraining | undefined;
}

/** How suspicious rows and classes are. */
export interface RowScores {
  /** A score a row, `(M)`: the larger, the more suspicious. */
  readonly scores: Float32Array;
  /** A statistic a class, `(classes)`: the larger, the likelier rows of this label are poisoned. */
  readonly statistics: Float32Array;
  readonly cost: Cost;
  /** What the defence's report says beside, as JSON. */
  readonly details?: Json;
}

/** A defence of a training set. */
export interface RowDefence {
  /** Lower case, with hyphens. */
  readonly name: string;
  /** As its authors call it. */
  readonly title: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly needs: readonly RowNeed[];
  /** Images that are read for a set, at most; what training costs is left out. */
  forwards(subject: RowSubject): number;
  /**
   * Scores the rows of a training set.
   *
   * @param subject The set, with what `needs` names.
   * @throws {RangeError} If something is missing, or a label is no class.
   * @throws The signal's reason, if it fires.
   */
  score(subject: RowSubject, options: DefenceOptions): Promise<RowScores>;
}
