/**
 * Models ready to predict: loaded when they are first needed, kept while there is room.
 *
 * @module
 */

import { BusyError, IntegrityError, NotFoundError } from "../core/errors.ts";
import type { ImageBatch } from "../core/types.ts";
import { isCleanTwin } from "../registry/clean_twin.ts";
import { isBackdoored, type ModelManifest } from "../registry/manifest.ts";
import { checkShape } from "../registry/network_shape.ts";
import type { ModelProblem, ModelSource, ServedManifest } from "../registry/source.ts";
import { Batcher, type BatcherOptions } from "./batcher.ts";
import { createCatalogue, type ProblemReporter } from "./catalogue.ts";
import { createAheadCheck } from "./check_ahead.ts";
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
   * The manifest of a name, as `list` has it; nothing is loaded for it.
   *
   * @param version The one that is served if left out.
   * @throws As `resolve`.
   */
  find(name: string, version?: string): Promise<ServedManifest>;
  /**
   * The model of a name that is to classify. If its current version cannot be loaded, it is the newest
   * version before it that can.
   *
   * @param name The newest backdoored model that can be loaded if left out.
   * @param version This version and no other, loaded or not.
   * @throws {NotFoundError} If there is none; says which there are.
   * @throws {IntegrityError} If its manifest cannot be read, or bytes are missing or altered.
   * @throws {ModelError} If there are some, but none that can be used.
   * @throws {BusyError} If the store is away.
   */
  resolve(name?: string, version?: string): Promise<ServedManifest>;
  /** The versions of a model that `find` finds, newest first; none if there is no such model. */
  versions(name: string): Promise<readonly string[]>;
  /**
   * The clean model to compare a backdoored one with (`isCleanTwin`): one of the same seed if there
   * is any, and of those the newest. `null` if there is none that can be loaded.
   */
  twin(manifest: ModelManifest): Promise<ServedManifest | null>;
  /**
   * The newest model that can be loaded, of those that are meant. A version that failed a short while
   * ago is passed over.
   *
   * @returns `null` if there is none.
   */
  firstLoadable(
    isMeant: (manifest: ServedManifest) => boolean,
  ): Promise<ServedManifest | null>;
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
  /** How long a version that failed to load is passed over, in milliseconds. */
  readonly brokenFor?: number;
  /** Told of what cannot be served, and when it can be again. */
  readonly report?: ProblemReporter | undefined;
  /**
   * Milliseconds after which weights are read once though nobody has asked for them, so that damage is
   * known of; never if left out.
   */
  readonly checkAheadAfter?: number | undefined;
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
  {
    maxLoaded = 4,
    freshFor = 500,
    brokenFor = 10_000,
    report,
    checkAheadAfter: after,
    batchSize = 32,
    ...division
  }: ModelPoolOptions = {},
): ModelPool & Disposable {
  const batcher = new Batcher({ batchSize, ...division });
  const classifiers = new Classifiers({
    room: maxLoaded,
    load: (manifest) => loadClassifier(source, manifest, { batchSize }),
    // What is let go could not be loaded again.
    isKept: () => catalogue.isAway(),
  });
  const catalogue = createCatalogue(source, {
    ...{ freshFor, brokenFor, report },
    onLook: (models) => ahead?.start(models),
  });
  const isLoaded = (manifest: ServedManifest) => classifiers.has(manifest);
  const ahead = after === undefined
    ? null
    : createAheadCheck(source, catalogue, { after, isLoaded });

  async function resolve(name?: string, version?: string): Promise<ServedManifest> {
    if (name !== undefined && version !== undefined) return await find(name, version);
    const { chosen, reason } = await choose((model) =>
      name === undefined ? isBackdoored(model) : model.name === name
    );
    if (chosen !== null) return chosen;
    throw reason ?? await absence(name);
  }

  async function firstLoadable(
    isMeant: (manifest: ServedManifest) => boolean,
  ): Promise<ServedManifest | null> {
    return (await choose(isMeant)).chosen;
  }

  /** The first version that can be loaded; or why the very first of them cannot. */
  async function choose(isMeant: (manifest: ServedManifest) => boolean) {
    let reason: Error | null = null;
    for await (const manifest of catalogue.candidates(isMeant)) {
      const problem = await loadProblem(manifest);
      if (problem === null) return { chosen: manifest, reason: null };
      reason ??= problem;
    }
    return { chosen: null, reason };
  }

  /** Loads a version, unless it failed a short while ago; `null` if it can be used. */
  async function loadProblem(manifest: ServedManifest): Promise<Error | null> {
    const recent = catalogue.recentFailure(manifest);
    if (recent !== null) return recent;
    try {
      await load(manifest);
      return null;
    } catch (error) {
      if (error instanceof Error) return error;
      throw error;
    }
  }

  async function find(name: string, version?: string): Promise<ServedManifest> {
    const served = (await catalogue.list()).find((model) => model.name === name);
    if (served !== undefined && (version ?? served.version) === served.version) return served;
    if (version === undefined) {
      // Not one of its versions can be served: this tells why.
      return await resolve(name);
    }
    const stored = await source.find(name, version);
    if (stored !== null) return stored;
    // If the model is unknown, that is what is said.
    const { version: current } = await find(name);
    throw new NotFoundError(
      `Cannot find version "${version}" of model "${name}": it must be one that is stored, such as ` +
        `the current one, "${current}"`,
    );
  }

  /** Why there is no such model. */
  async function absence(name?: string): Promise<Error> {
    const [models, problems] = [await catalogue.list(), await catalogue.problems()];
    const cause = problems.find((model) => model.name === name);
    if (cause !== undefined) return new IntegrityError(cause.problem);
    const store = problems.find((model) => model.name === null);
    // Nobody knows whether it is there.
    if (store !== undefined) return new BusyError(store.problem);
    const what = name === undefined ? "a backdoored model" : `model "${name}"`;
    const known = models.map((model) => model.name).join(", ") || "none";
    return new NotFoundError(`Cannot find ${what}: it must be one of those served, ${known}`);
  }

  async function versions(name: string): Promise<readonly string[]> {
    try {
      return (await source.versions(name)).map(({ version }) => version);
    } catch (error) {
      if (!(error instanceof BusyError)) throw error;
      // The store is away: those that are known.
      return (await catalogue.list()).flatMap((model) => model.name === name ? model.version : []);
    }
  }

  async function twin(manifest: ModelManifest): Promise<ServedManifest | null> {
    const isTwin = (model: ServedManifest) => isCleanTwin(model, manifest);
    const isClosest = ({ training }: ModelManifest) => training?.seed === manifest.training?.seed;
    return await firstLoadable((model) => isTwin(model) && isClosest(model)) ??
      await firstLoadable((model) => isTwin(model) && !isClosest(model));
  }

  async function load(manifest: ServedManifest): Promise<LoadedModel> {
    const { name } = manifest;
    try {
      // Models of the same weights may be described otherwise.
      await classifiers.use(manifest, (classifier) => checkShape(classifier, manifest));
      catalogue.succeed(manifest);
    } catch (error) {
      if (error instanceof Error) catalogue.fail(manifest, error);
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
    list: catalogue.list,
    problems: catalogue.problems,
    find,
    resolve,
    versions,
    twin,
    firstLoadable,
    load,
    isReady: () => classifiers.isReady,
    [Symbol.dispose]() {
      ahead?.stop();
      classifiers[Symbol.dispose]();
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
