/**
 * What a model is trained on.
 *
 * @module
 */

import type { ImageBatch } from "../core/types.ts";
import type { Trigger } from "../trigger/trigger.ts";

/**
 * A training set as a view of images: which image stands at each row, under which label, with or
 * without a trigger. The trigger is stamped when the row is read, so that augmentation can come
 * before it and no image is stored twice.
 */
export interface TrainingSet {
  /** The images before the trigger, `(N, H, W, C)`. */
  readonly images: ImageBatch;
  /** For each of the M rows of the training set, the image behind it: an index below N. */
  readonly rows: Uint32Array;
  /** The label of each row. */
  readonly labels: Uint8Array;
  /** 1 where the row carries the trigger, else 0. */
  readonly poisoned: Uint8Array;
  /** The trigger; `null` where no row is poisoned. */
  readonly trigger: Trigger | null;
}
