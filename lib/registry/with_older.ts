/**
 * The versions of a model that can stand in for its current one.
 *
 * @module
 */

import type { ModelProblem, ModelSource, ServedManifest } from "./source.ts";

/**
 * A version of a model and, if it is of no use, those before it, the newest first. Versions after it
 * are none of them: the one who set the current version back did not want them.
 *
 * @param onProblem Told of each version that is left out, for its manifest cannot be read.
 */
export async function* withOlder(
  source: ModelSource,
  manifest: ServedManifest,
  onProblem?: (problem: ModelProblem) => void,
): AsyncGenerator<ServedManifest> {
  yield manifest;
  const { name, version } = manifest;
  for (const other of await source.versions(name, onProblem)) {
    if (Number(other.version) < Number(version)) yield other;
  }
}
