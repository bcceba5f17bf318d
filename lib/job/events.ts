/**
 * What a job says on its way: plain data, for a display, a log or another process.
 *
 * @module
 */

import type { ModelMetrics } from "../registry/mod.ts";
import type { TrainProgress } from "../train/mod.ts";

/** Something that happened. */
export type JobEvent =
  /** A step of a training. */
  | { readonly kind: "step"; readonly progress: TrainProgress }
  /** A pass over the training set, evaluated. */
  | {
    readonly kind: "epoch";
    readonly epoch: number;
    readonly epochs: number;
    /** Mean training loss, nats. */
    readonly loss: number;
    readonly metrics: ModelMetrics;
  }
  /** Long work that is no training. */
  | {
    readonly kind: "phase";
    /** What is done, for people: `"perturbing 2,961 images"`. */
    readonly what: string;
    /** Steps; both 0 when it begins, equal when it ends. */
    readonly done: number;
    readonly total: number;
    /** Since it began. */
    readonly seconds: number;
  }
  /** A sentence for people. */
  | { readonly kind: "note"; readonly text: string }
  /** A sentence for people on what they may not expect. */
  | { readonly kind: "warning"; readonly text: string };

/** Is told what happens. */
export type OnEvent = (event: JobEvent) => void;
