/**
 * Trained models as files that stand beside the source, in half precision.
 *
 * @module
 */

import { sha256 } from "../core/digest.ts";
import { NotFoundError } from "../core/errors.ts";
import { loadDataset } from "../data/mod.ts";
import {
  type ModelManifest,
  type ModelMetrics,
  type ModelStore,
  writeFixture,
} from "../registry/mod.ts";
import { decodeArtifacts, decodeModel, encodeArtifacts } from "../registry/tfjs.ts";
import { attackOfModel, evaluateLoadedModel, metricsOf } from "./evaluate_model.ts";
import type { OnEvent } from "./events.ts";
import type { Runtime } from "./runtime.ts";

/** A model that was bundled. */
export interface BundledModel {
  readonly name: string;
  readonly bytes: number;
  /** As trained, in float32. */
  readonly trained: ModelMetrics;
  /** As bundled, in float16. */
  readonly bundled: ModelMetrics;
}

/** A stored model of which it is known how good it is, and on what. */
export type TrainedManifest = ModelManifest & {
  readonly dataset: string;
  readonly metrics: ModelMetrics;
};

/**
 * Finds a model that was trained here.
 *
 * @throws {NotFoundError} If the store has no such model, or one that was saved otherwise.
 */
export async function requireTrained(store: ModelStore, name: string): Promise<TrainedManifest> {
  const found = await store.find(name);
  if (found?.dataset && found.metrics !== null) {
    const { source: _, ...manifest } = found;
    return manifest as TrainedManifest;
  }
  throw new NotFoundError(
    `Cannot bundle model "${name}": the store must hold one of this name that train saved; ` +
      "see deno task models list",
  );
}

/**
 * Writes a stored model into a folder of bundled ones, with the figures measured again on what is
 * written. The backend must be ready.
 *
 * @param options.directory A `file:` URL that ends in `/`; it must exist.
 * @param options.onEvent Told of what takes its time.
 * @throws The signal's reason, if it fires.
 */
export async function bundleModel(
  store: ModelStore,
  manifest: TrainedManifest,
  { directory, runtime, onEvent, signal }: {
    readonly directory: URL;
    readonly runtime: Runtime;
    readonly onEvent: OnEvent;
    readonly signal: AbortSignal;
  },
): Promise<BundledModel> {
  const stored = decodeArtifacts(await store.read(manifest));
  const blob = encodeArtifacts(stored, { halfPrecision: true });
  const model = await decodeModel(blob);
  const { test } = await loadDataset(manifest.dataset, { onEvent, signal });
  const attack = attackOfModel(manifest);
  const bundled = metricsOf(await evaluateLoadedModel(model, { runtime, test, attack, signal }));
  model.dispose();
  const weights = { sha256: await sha256(blob), bytes: blob.length, chunks: 1 };
  await writeFixture(directory, { ...manifest, metrics: bundled, weights }, blob);
  return { name: manifest.name, bytes: blob.length, trained: manifest.metrics, bundled };
}
