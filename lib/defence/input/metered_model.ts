/**
 * A model that says what it is asked for: a defence's cost is counted, not claimed.
 *
 * @module
 */

import type { ImageBatch } from "../../core/types.ts";
import type { Cost, DefenceOptions } from "../defence.ts";
import type { InputModel, ModelNeed } from "./input_defence.ts";

/** Images at a time: bounds the memory, and how long a signal waits. */
export const CHUNK = 1000;

/** Who is told, and who can stop. */
export type Listeners = Pick<DefenceOptions, "signal" | "onProgress">;

/** A model that counts. Its methods throw a signal's reason, once it has fired. */
export interface MeteredModel {
  readonly classes: number;
  /** As `InputModel.classify`. */
  classify(images: ImageBatch): Promise<Float32Array>;
  /** As `InputModel.activations`. */
  activations(images: ImageBatch): Promise<Float32Array>;
  /** As `InputModel.classifyWithDropout`. */
  classifyWithDropout(
    images: ImageBatch,
    options: { readonly rate: number; readonly seed: number },
  ): Promise<Float32Array>;
  /** As `ScalableLayers`; none if the model has none. */
  readonly scaledLayers: number;
  /** As `ScalableLayers.scaled`. */
  scaled(count: number, factor: number): Promise<Pick<MeteredModel, "classify">>;
  /** What was asked for until now. */
  readonly cost: Cost;
}

/** What a model lacks, in words. */
const lacks: Readonly<Record<ModelNeed, string>> = {
  activations: "give the activations of its last hidden layer",
  dropout: "classify with dropout",
  scaling: "have layers that can be amplified",
};

/** Whether a model has what a defence may ask for. */
export function has(model: InputModel, need: ModelNeed): boolean {
  const found = {
    activations: model.activations,
    dropout: model.classifyWithDropout,
    scaling: model.scaling,
  };
  return found[need] !== undefined;
}

/**
 * Refuses a model without what a defence needs.
 *
 * @param what How the message begins: what cannot be done.
 * @throws {RangeError} If something is missing.
 */
export function requireNeeds(model: InputModel, needs: readonly ModelNeed[], what: string): void {
  const missing = needs.find((need) => !has(model, need));
  if (missing === undefined) return;
  throw new RangeError(
    `${what}: the model must ${lacks[missing]}, got one that does not; take another defence`,
  );
}

/**
 * Lets a model count.
 *
 * @param expected Images that it will read, by which progress goes.
 */
export function meter(
  model: InputModel,
  expected: number,
  { signal, onProgress }: Listeners,
): MeteredModel {
  let forwards = 0;
  const onChunk = () => signal?.throwIfAborted();

  /** Goes through images, a chunk at a time. */
  async function read(
    images: ImageBatch,
    answer: (chunk: ImageBatch) => Promise<Float32Array>,
  ): Promise<Float32Array> {
    const [count, height, width, channels] = images.shape;
    const size = height * width * channels;
    let answers = new Float32Array();
    for (let first = 0; first < count; first += CHUNK) {
      onChunk();
      const length = Math.min(CHUNK, count - first);
      const data = images.data.subarray(first * size, (first + length) * size);
      const values = await answer({ data, shape: [length, height, width, channels] });
      const each = values.length / length;
      if (first === 0) answers = new Float32Array(count * each);
      answers.set(values, first * each);
      forwards += length;
      onProgress?.(Math.min(1, forwards / expected));
    }
    onChunk();
    return answers;
  }

  return {
    classes: model.classes,
    scaledLayers: model.scaling?.layers ?? 0,
    get cost() {
      return { forwards, backwards: 0 };
    },
    classify: (images) => read(images, (chunk) => model.classify(chunk, { onChunk })),
    activations: (images) => read(images, (chunk) => model.activations!(chunk)),
    classifyWithDropout: (images, options) =>
      read(images, (chunk) => model.classifyWithDropout!(chunk, options)),
    async scaled(count, factor) {
      const scaled = await model.scaling!.scaled(count, factor);
      return { classify: (images) => read(images, (chunk) => scaled.classify(chunk, { onChunk })) };
    },
  };
}
