/**
 * Models ready to predict: loaded when they are first needed, kept while there is room.
 *
 * @module
 */

import type * as tf from "../core/tfjs.ts";
import { IntegrityError, ModelError, NotFoundError } from "../core/errors.ts";
import type { ImageBatch } from "../core/types.ts";
// The file, not the folder's mod.ts, which brings the training kernels along.
import { predict } from "../model/predict.ts";
import { isCleanTwin } from "../registry/clean_twin.ts";
import { checkShape, loadModel } from "../registry/load_model.ts";
import { isBackdoored, type ModelManifest } from "../registry/manifest.ts";
import { probabilityProblem } from "./probabilities.ts";
import type { ModelProblem, ModelSource, ServedManifest } from "../registry/source.ts";
import { inSpan } from "./span.ts";

/** A model that can predict. */
export interface LoadedModel {
  readonly manifest: ServedManifest;
  /**
   * Classifies images; the model is loaded again where it had to make room meanwhile.
   *
   * @param batch `(N, H, W, C)` with the manifest's `input` as H, W, C; values in 0–1.
   * @returns Probabilities, `(N, classes)`.
   * @throws {RangeError} If the batch is of another shape.
   * @throws {ModelError} If what the network says are no probabilities.
   */
  predict(batch: ImageBatch): Promise<Float32Array>;
}

/** The models of a source, as a server uses them. */
export interface ModelPool {
  /** The manifests of what is served, newest first. */
  list(): Promise<readonly ServedManifest[]>;
  /** What cannot be served: models with unreadable manifests, and those that failed to load. */
  problems(): Promise<readonly ModelProblem[]>;
  /**
   * The model of a name.
   *
   * @param name The newest backdoored model that can be loaded if left out.
   * @param version The current one if left out.
   * @throws {NotFoundError} If there is none; says which there are.
   * @throws {IntegrityError} If its manifest cannot be read.
   * @throws {ModelError} If there are backdoored models, but none that can be loaded.
   */
  resolve(name?: string, version?: string): Promise<ServedManifest>;
  /** The versions of a model that `resolve` finds, newest first; none if there is no such model. */
  versions(name: string): Promise<readonly string[]>;
  /**
   * The clean model to compare a backdoored one with (`isCleanTwin`): one of the same seed if there
   * is any, and of those the newest. `null` if there is none that can be loaded.
   */
  twin(manifest: ModelManifest): Promise<ServedManifest | null>;
  /**
   * The first of some models that can be loaded. One that failed a short while ago is passed over.
   *
   * @param manifests In the order in which they are tried.
   * @returns `null` if there is none.
   */
  firstLoadable(manifests: readonly ServedManifest[]): Promise<ServedManifest | null>;
  /**
   * Loads a model, or finds it loaded.
   *
   * @throws {IntegrityError} If its weights are missing or altered.
   * @throws {ModelError} If they are no model that can classify.
   */
  load(manifest: ServedManifest): Promise<LoadedModel>;
  /** Whether a model is in memory and has answered its self-test; does not wait, and loads nothing. */
  isReady(): boolean;
}

/** How much a pool holds. */
export interface ModelPoolOptions {
  /** Models kept in memory; the least recently used go first, never while they predict. */
  readonly maxLoaded?: number;
  /** Images predicted at a time: bounds the memory for activations. */
  readonly chunkSize?: number;
  /** How long the list of models is taken as current, in milliseconds. */
  readonly freshFor?: number;
  /** How long a model that failed to load is passed over by `firstLoadable`, in milliseconds. */
  readonly brokenFor?: number;
}

/** What a source has. */
interface Listing {
  readonly models: readonly ServedManifest[];
  readonly problems: readonly ModelProblem[];
}

/** A load that failed. */
interface Failure extends ModelProblem {
  readonly at: number;
}

interface Slot {
  readonly model: Promise<tf.LayersModel>;
  users: number;
  /** Whether it is loaded. */
  isReady: boolean;
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
 * import { createKvModelStore } from "../registry/kv_store.ts";
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
  { maxLoaded = 4, chunkSize = 32, freshFor = 500, brokenFor = 10_000 }: ModelPoolOptions = {},
): ModelPool & Disposable {
  /** By the digest of the weights; the least recently used first. */
  const slots = new Map<string, Slot>();
  let room = maxLoaded;
  /** By name and version, until it loads. */
  const failures = new Map<string, Failure>();
  let listed: { at: number; listing: Promise<Listing> } | null = null;

  function look(): Promise<Listing> {
    if (listed !== null && performance.now() - listed.at < freshFor) return listed.listing;
    const fresh = { at: performance.now(), listing: listSource() };
    listed = fresh;
    // A failure is told to those who wait for it, and not remembered.
    fresh.listing.catch(() => {
      if (listed === fresh) listed = null;
    });
    return fresh.listing;
  }

  async function listSource(): Promise<Listing> {
    const problems: ModelProblem[] = [];
    const models = await source.list((each) => problems.push(each));
    const served = new Set(models.map(keyOf));
    for (const key of failures.keys()) if (!served.has(key)) failures.delete(key);
    return { models, problems };
  }

  async function list(): Promise<readonly ServedManifest[]> {
    return (await look()).models;
  }

  async function problems(): Promise<readonly ModelProblem[]> {
    const { problems } = await look();
    return [...problems, ...[...failures.values()].map(({ at: _, ...model }) => model)];
  }

  async function resolve(name?: string, version?: string): Promise<ServedManifest> {
    if (name !== undefined && version !== undefined) return await resolveVersion(name, version);
    const { models, problems } = await look();
    const found = models.filter((model) =>
      name === undefined ? isBackdoored(model) : model.name === name
    );
    const [newest] = found;
    if (name !== undefined && newest !== undefined) return newest;
    const chosen = await firstLoadable(found);
    if (chosen !== null) return chosen;
    if (newest !== undefined) {
      // Tells why it cannot be loaded.
      await load(newest);
      return newest;
    }
    const cause = problems.find((model) => model.name === name) ??
      problems.find((model) => model.name === null);
    if (cause !== undefined) throw new IntegrityError(cause.problem);
    const what = name === undefined ? "a backdoored model" : `model "${name}"`;
    const known = models.map((model) => model.name).join(", ") || "none";
    throw new NotFoundError(`Cannot find ${what}: it must be one of those served, ${known}`);
  }

  async function resolveVersion(name: string, version: string): Promise<ServedManifest> {
    const current = (await list()).find((model) => model.name === name);
    if (current?.version === version) return current;
    const older = await source.find(name, version);
    if (older !== null) return older;
    // If the model is unknown, that is what is said.
    const { version: served } = await resolve(name);
    throw new NotFoundError(
      `Cannot find version "${version}" of model "${name}": it must be one that is stored, such as ` +
        `the current one, "${served}"`,
    );
  }

  async function versions(name: string): Promise<readonly string[]> {
    return (await source.versions(name)).map(({ version }) => version);
  }

  async function firstLoadable(
    manifests: readonly ServedManifest[],
  ): Promise<ServedManifest | null> {
    for (const manifest of manifests) {
      const failure = failures.get(keyOf(manifest));
      if (failure !== undefined && performance.now() - failure.at < brokenFor) continue;
      try {
        await load(manifest);
        return manifest;
      } catch {
        // Why is written down.
      }
    }
    return null;
  }

  async function twin(manifest: ModelManifest): Promise<ServedManifest | null> {
    const twins = (await list()).filter((model) => isCleanTwin(model, manifest));
    const isClosest = ({ training }: ModelManifest) => training?.seed === manifest.training?.seed;
    return await firstLoadable([
      ...twins.filter(isClosest),
      ...twins.filter((model) => !isClosest(model)),
    ]);
  }

  async function load(manifest: ServedManifest): Promise<LoadedModel> {
    const { name, version } = manifest;
    const key = keyOf(manifest);
    try {
      // Models of the same weights may be described otherwise.
      await use(manifest, (model) => Promise.resolve(checkShape(model, manifest)));
      failures.delete(key);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      failures.set(key, { name, version, problem, at: performance.now() });
      throw error;
    }
    return {
      manifest,
      async predict(batch) {
        checkBatch(batch, manifest);
        return await inSpan(
          "infer",
          { "edgedoor.model": name, "edgedoor.images": batch.shape[0] },
          () => use(manifest, (model) => classify(model, { manifest, batch })),
        );
      },
    };
  }

  /** Runs work on a model, which stays loaded until the work is done. */
  async function use<T>(
    manifest: ServedManifest,
    work: (model: tf.LayersModel) => Promise<T>,
  ): Promise<T> {
    const { sha256 } = manifest.weights;
    const slot = slots.get(sha256) ?? open(manifest);
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

  function open(manifest: ServedManifest): Slot {
    const { name, version } = manifest;
    const model = inSpan(
      "load",
      { "edgedoor.model": name, "edgedoor.version": version },
      () => loadChecked(manifest),
    );
    const slot: Slot = { model, users: 0, isReady: false };
    model.then(
      () => slot.isReady = true,
      // What failed to load is told to those who wait for it, and tried again by the next.
      () => slots.delete(manifest.weights.sha256),
    );
    return slot;
  }

  async function loadChecked(manifest: ServedManifest): Promise<tf.LayersModel> {
    const model = await loadModel(source, manifest);
    try {
      // On a black image: what gives no probabilities is not served to anybody.
      const data = new Float32Array(manifest.input.reduce((size, extent) => size * extent, 1));
      await classify(model, { manifest, batch: { data, shape: [1, ...manifest.input] } });
      return model;
    } catch (error) {
      model.dispose();
      throw error;
    }
  }

  async function classify(
    model: tf.LayersModel,
    { manifest, batch }: { manifest: ServedManifest; batch: ImageBatch },
  ): Promise<Float32Array> {
    const probabilities = await predict(model, batch, { chunkSize });
    const problem = probabilityProblem(probabilities, manifest.labels.length);
    if (problem === null) return probabilities;
    throw new ModelError(`Cannot classify with model "${manifest.name}": ${problem}`);
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
    problems,
    resolve,
    versions,
    twin,
    firstLoadable,
    load,
    isReady: () => [...slots.values()].some((slot) => slot.isReady),
    [Symbol.dispose]() {
      room = 0;
      evict();
    },
  };
}

function keyOf({ name, version }: ModelManifest): string {
  return `${name}@${version}`;
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
