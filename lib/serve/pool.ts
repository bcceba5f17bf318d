/**
 * Models ready to predict: loaded when they are first needed, kept while there is room.
 *
 * @module
 */

import { IntegrityError, NotFoundError } from "../core/errors.ts";
import type { ImageBatch } from "../core/types.ts";
import { isCleanTwin } from "../registry/clean_twin.ts";
import { isBackdoored, type ModelManifest } from "../registry/manifest.ts";
import { checkShape } from "../registry/network_shape.ts";
import type { ModelProblem, ModelSource, ServedManifest } from "../registry/source.ts";
import { Batcher, type BatcherOptions } from "./batcher.ts";
import { Classifiers } from "./classifiers.ts";
import { loadClassifier } from "./load_classifier.ts";
import { checkProbabilities } from "./probabilities.ts";
import { inSpan } from "./span.ts";

/** A model that can predict. */
export interface LoadedModel {
  readonly manifest: ServedManifest;
  /**
   * Classifies images; the model is loaded again where it had to make room meanwhile.
   *
   * @param batch `(N, H, W, C)` with the manifest's `input` as H, W, C; values in 0–1.
   * @param options.signal Of a client that may go: drops what is not classified yet.
   * @returns Probabilities, `(N, classes)`.
   * @throws {RangeError} If the batch is of another shape.
   * @throws {ModelError} If what the network says are no probabilities.
   * @throws {BusyError} If too many images wait already.
   * @throws The signal's reason.
   */
  predict(
    batch: ImageBatch,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Float32Array>;
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

/** How much a pool holds, and how it divides its work. */
export interface ModelPoolOptions extends BatcherOptions {
  /** Models kept in memory; the least recently used go first, never while they predict. */
  readonly maxLoaded?: number;
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

/**
 * Opens a pool over a source.
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
  { maxLoaded = 4, freshFor = 500, brokenFor = 10_000, batchSize = 32, ...division }:
    ModelPoolOptions = {},
): ModelPool & Disposable {
  const batcher = new Batcher({ batchSize, ...division });
  const classifiers = new Classifiers({
    room: maxLoaded,
    load: (manifest) => loadClassifier(source, manifest, { batchSize }),
  });
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
      await classifiers.use(manifest, (classifier) => checkShape(classifier, manifest));
      failures.delete(key);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      failures.set(key, { name, version, problem, at: performance.now() });
      throw error;
    }
    return {
      manifest,
      async predict(batch, { signal } = {}) {
        checkBatch(batch, manifest);
        return await inSpan(
          "infer",
          { "edgedoor.model": name, "edgedoor.images": batch.shape[0] },
          async () => {
            const answer = await classifiers.use(
              manifest,
              (classifier) => batcher.classify(classifier, batch, signal),
            );
            checkProbabilities(answer, manifest);
            return answer;
          },
        );
      },
    };
  }

  return {
    list,
    problems,
    resolve,
    versions,
    twin,
    firstLoadable,
    load,
    isReady: () => classifiers.isReady,
    [Symbol.dispose]: () => classifiers[Symbol.dispose](),
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
