/**
 * Models ready to predict: loaded when they are first needed, kept while there is room.
 *
 * @module
 */

import type * as tf from "../core/tfjs.ts";
import { NotFoundError } from "../core/errors.ts";
import type { ImageBatch } from "../core/types.ts";
// The file, not the folder's mod.ts, which brings the training kernels along.
import { predict } from "../model/predict.ts";
import { loadModel } from "./load_model.ts";
import { isBackdoored, type ModelManifest } from "./manifest.ts";
import type { ModelSource, ServedManifest } from "./source.ts";

/** A model that can predict. */
export interface LoadedModel {
  readonly manifest: ServedManifest;
  /**
   * Classifies images; the model is loaded again where it had to make room meanwhile.
   *
   * @param batch `(N, H, W, C)` with the manifest's `input` as H, W, C; values in 0–1.
   * @returns Probabilities, `(N, classes)`.
   * @throws {RangeError} If the batch is of another shape.
   */
  predict(batch: ImageBatch): Promise<Float32Array>;
}

/** The models of a source, as a server uses them. */
export interface ModelPool {
  /** The manifests of what is served, newest first. */
  list(): Promise<readonly ServedManifest[]>;
  /**
   * The model of a name.
   *
   * @param name The newest backdoored model where left out.
   * @throws {NotFoundError} If there is none; says which there are.
   */
  resolve(name?: string): Promise<ServedManifest>;
  /**
   * The clean model to compare a backdoored one with: of the same data set, architecture and input;
   * of those, one with the same seed and recipe; of those, the newest. `null` where there is none.
   */
  twin(manifest: ModelManifest): Promise<ServedManifest | null>;
  /**
   * Loads a model, or finds it loaded.
   *
   * @throws {IntegrityError} If its weights are missing or altered.
   */
  load(manifest: ServedManifest): Promise<LoadedModel>;
}

/** How much a pool holds. */
export interface ModelPoolOptions {
  /** Models kept in memory; the least recently used go first, never while they predict. */
  readonly maxLoaded?: number;
  /** Images predicted at a time: bounds the memory for activations. */
  readonly chunkSize?: number;
  /** How long the list of models is taken as current, in milliseconds. */
  readonly freshFor?: number;
}

interface Slot {
  readonly model: Promise<tf.LayersModel>;
  users: number;
}

/**
 * Opens a pool over a source. The tfjs backend must be ready before the first model is loaded.
 *
 * @param source Asked anew for its list as time passes, so that a newly saved version is served
 * without a restart.
 * @returns The pool. Disposing of it disposes of its models; of one that predicts, once it is done.
 *
 * @example
 * ```ts
 * import { createKvModelStore } from "./kv_store.ts";
 * import { createModelPool } from "./pool.ts";
 * import assert from "node:assert/strict";
 *
 * using kv = await Deno.openKv(":memory:");
 * using pool = createModelPool(createKvModelStore(kv));
 * await assert.rejects(pool.resolve("mnist"), /Cannot find model "mnist"/);
 * ```
 */
export function createModelPool(
  source: ModelSource,
  { maxLoaded = 4, chunkSize = 32, freshFor = 500 }: ModelPoolOptions = {},
): ModelPool & Disposable {
  /** By the digest of the weights; the least recently used first. */
  const slots = new Map<string, Slot>();
  let room = maxLoaded;
  let listed: { at: number; models: Promise<readonly ServedManifest[]> } | null = null;

  function list(): Promise<readonly ServedManifest[]> {
    if (listed !== null && performance.now() - listed.at < freshFor) return listed.models;
    const fresh = { at: performance.now(), models: source.list() };
    listed = fresh;
    // A failure is told to those who wait for it, and not remembered.
    fresh.models.catch(() => {
      if (listed === fresh) listed = null;
    });
    return fresh.models;
  }

  async function resolve(name?: string): Promise<ServedManifest> {
    const models = await list();
    const found = models.find((model) =>
      name === undefined ? isBackdoored(model) : model.name === name
    );
    if (found !== undefined) return found;
    const what = name === undefined ? "a backdoored model" : `model "${name}"`;
    const known = models.map((model) => model.name).join(", ") || "none";
    throw new NotFoundError(`Cannot find ${what}: it must be one of those served, ${known}`);
  }

  async function twin(manifest: ModelManifest): Promise<ServedManifest | null> {
    const candidates = (await list()).filter((model) =>
      model.attack?.kind === "none" &&
      model.dataset === manifest.dataset &&
      model.architecture === manifest.architecture &&
      String(model.input) === String(manifest.input)
    );
    const closest = candidates.find(({ training }) =>
      training !== null &&
      training.seed === manifest.training?.seed && training.recipe === manifest.training.recipe
    );
    return closest ?? candidates[0] ?? null;
  }

  async function load(manifest: ServedManifest): Promise<LoadedModel> {
    await use(manifest, () => Promise.resolve());
    return {
      manifest,
      async predict(batch) {
        checkBatch(batch, manifest);
        return await use(manifest, (model) => predict(model, batch, { chunkSize }));
      },
    };
  }

  /** Runs work on a model, which stays loaded until the work is done. */
  async function use<T>(
    manifest: ServedManifest,
    work: (model: tf.LayersModel) => Promise<T>,
  ): Promise<T> {
    const { sha256 } = manifest.weights;
    const slot = slots.get(sha256) ?? { model: open(manifest), users: 0 };
    slots.delete(sha256);
    slots.set(sha256, slot);
    slot.users++;
    evict();
    try {
      return await work(await slot.model);
    } finally {
      slot.users--;
      evict();
    }
  }

  function open(manifest: ServedManifest): Promise<tf.LayersModel> {
    const model = loadModel(source, manifest);
    // What failed to load is told to those who wait for it, and tried again by the next.
    model.catch(() => slots.delete(manifest.weights.sha256));
    return model;
  }

  function evict(): void {
    for (const [sha256, slot] of slots) {
      if (slots.size <= room) return;
      if (slot.users > 0) continue;
      slots.delete(sha256);
      slot.model.then((model) => model.dispose());
    }
  }

  return {
    list,
    resolve,
    twin,
    load,
    [Symbol.dispose]() {
      room = 0;
      evict();
    },
  };
}

function checkBatch({ data, shape }: ImageBatch, { name, input }: ModelManifest): void {
  const [count, ...size] = shape;
  const length = size.reduce((product, extent) => product * extent, count);
  if (String(size) === String(input) && data.length === length) return;
  throw new RangeError(
    `Cannot classify with model "${name}": images must be (N, ${input.join(", ")}), got ` +
      `(${shape.join(", ")}) with ${data.length} values`,
  );
}
