/**
 * What a job says on its way: plain data, for a display, a log or another process.
 *
 * @module
 */

import type { PhaseEvent } from "../core/phase.ts";
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
  | PhaseEvent
  /** A sentence for people. */
  | { readonly kind: "note"; readonly text: string }
  /** A sentence for people on what they may not expect. */
  | { readonly kind: "warning"; readonly text: string };

/** Is told what happens. */
export type OnEvent = (event: JobEvent) => void;
