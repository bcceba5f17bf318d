/**
 * Classification of many images in bounded memory.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import type { ImageBatch } from "../core/types.ts";

/** How to go through the images. */
export interface PredictOptions {
  /** Images at a time: bounds the memory for activations. 128 unless given. */
  readonly chunkSize?: number;
  /** Called between chunks; may stop the work by throwing. */
  readonly onChunk?: (done: number) => void;
}

/**
 * Classifies images, a chunk at a time; other work has its turn between chunks.
 *
 * @param model One input, images of the batch's size or rows of as many values; one output,
 * `(N, classes)`.
 * @param batch `(N, H, W, C)`, values in 0–1.
 * @returns Probabilities, `(N, classes)`, row-major.
 */
export async function predict(
  model: tf.LayersModel,
  { data, shape: [count, ...size] }: ImageBatch,
  { chunkSize = 128, onChunk }: PredictOptions = {},
): Promise<Float32Array> {
  const classes = Number(model.outputs[0]?.shape.at(-1));
  const inputShape = model.inputs[0]?.shape.slice(1).map((extent, axis) => extent ?? size[axis]!);
  const imageSize = size[0] * size[1] * size[2];
  const probabilities = new Float32Array(count * classes);
  for (let first = 0; first < count; first += chunkSize) {
    if (first > 0) await new Promise((resolve) => setTimeout(resolve));
    const images = Math.min(chunkSize, count - first);
    const values = data.subarray(first * imageSize, (first + images) * imageSize);
    const chunk = tf.tidy(() => {
      const predicted = model.predictOnBatch(tf.tensor(values, [images, ...inputShape ?? size]));
      return (predicted as tf.Tensor).dataSync<"float32">();
    });
    probabilities.set(chunk, first * classes);
    onChunk?.(first + images);
  }
  return probabilities;
}
