/**
 * What a model's last hidden layer says of rows.
 *
 * @module
 */

import type { Listeners } from "../input/metered_model.ts";
import type { RowSubject } from "./row_defence.ts";
import { chunksOf } from "./rows.ts";

/**
 * The activations of all rows.
 *
 * @returns `(M, width)`, row-major.
 * @throws The signal's reason, if it fires.
 */
export async function hiddenRows(
  { rows, model }: RowSubject,
  { signal, onProgress }: Listeners,
): Promise<Float32Array> {
  const [count] = rows.shape;
  let hidden = new Float32Array();
  for (const { first, images } of chunksOf(rows)) {
    signal?.throwIfAborted();
    const activations = await model!.activations!(images);
    const width = activations.length / images.shape[0];
    if (first === 0) hidden = new Float32Array(count * width);
    hidden.set(activations, first * width);
    onProgress?.((first + images.shape[0]) / count);
  }
  signal?.throwIfAborted();
  return hidden;
}
