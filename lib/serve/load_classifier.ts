/**
 * From a stored model to one that classifies.
 *
 * @module
 */

import { ModelError } from "../core/errors.ts";
import { UnsupportedModelError } from "../engine/network.ts";
import type { ModelManifest } from "../registry/manifest.ts";
import { checkShape, loadError } from "../registry/network_shape.ts";
import type { ModelSource } from "../registry/source.ts";
import type { Classifier, ClassifierOptions } from "./classifier.ts";
import { createCompiledClassifier } from "./compiled_classifier.ts";
import { checkProbabilities } from "./probabilities.ts";

/** Values of the largest image that is classified: 64 MiB of them. */
const MAX_VALUES = 2 ** 24;

/**
 * Loads a model and tries it on a black image: what gives no probabilities is not served to anybody.
 * It is run by the project's own engine, or by tfjs if that has no kernels for it; tfjs is loaded
 * then, and not before.
 *
 * @param source Where it is.
 * @param manifest Which, as the source has it.
 * @throws {IntegrityError} If bytes are missing or altered.
 * @throws {ModelError} If they are no model that can classify what the manifest says.
 */
export async function loadClassifier(
  source: ModelSource,
  manifest: ModelManifest,
  options: ClassifierOptions,
): Promise<Classifier> {
  const { input } = manifest;
  const size = input.reduce((values, extent) => values * extent, 1);
  const blob = await source.read(manifest);
  const classifier = await createClassifier(blob, manifest, options);
  try {
    checkShape(classifier, manifest);
    if (size > MAX_VALUES) {
      throw loadError(manifest, `its images must have at most ${MAX_VALUES} values, got ${size}`);
    }
    // Nothing of the manifest's size is made before.
    const black = { data: new Float32Array(size), shape: [1, ...input] } as const;
    const answer = await classifier.classify(black).catch((cause: Error) => {
      throw loadError(manifest, cause.message, { cause });
    });
    checkProbabilities(answer, manifest);
    return classifier;
  } catch (error) {
    classifier.dispose();
    throw error;
  }
}

async function createClassifier(
  blob: Uint8Array<ArrayBuffer>,
  manifest: ModelManifest,
  options: ClassifierOptions,
): Promise<Classifier> {
  try {
    return await createCompiledClassifier(blob, options);
  } catch (error) {
    if (error instanceof UnsupportedModelError) {
      const { createTfjsClassifier } = await importTfjs();
      return await createTfjsClassifier(blob, manifest);
    }
    if (error instanceof ModelError || !(error instanceof Error)) throw error;
    throw loadError(manifest, error.message, { cause: error });
  }
}

/**
 * The file is not named in the import itself: behind one that is, Deno looks up every package before the
 * program's first line, and tfjs has so many that a server starts a tenth of a second later.
 */
async function importTfjs(): Promise<typeof import("./tfjs_classifier.ts")> {
  return await import(new URL("./tfjs_classifier.ts", import.meta.url).href);
}
