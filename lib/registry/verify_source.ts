/**
 * Looking at all that a source of models has.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";
import type { ModelSource } from "./source.ts";
import type { VerifiedVersion } from "./store.ts";

/**
 * Reads every model of a source and digests it again. (A store looks at older versions too:
 * `ModelStore.verify`.)
 *
 * @returns By name.
 */
export async function verifySource(source: ModelSource): Promise<readonly VerifiedVersion[]> {
  const found: VerifiedVersion[] = [];
  const models = await source.list(({ name, version, problem }) => {
    if (name === null) return;
    found.push({ name, version: version ?? "?", current: true, problem, weights: null });
  });
  for (const manifest of models) {
    const { name, version, weights } = manifest;
    const problem = await source.read(manifest).then(() => null, (error: unknown) => {
      if (!(error instanceof IntegrityError)) throw error;
      return error.message;
    });
    found.push({ name, version, current: true, problem, weights });
  }
  return found.sort((a, b) => a.name < b.name ? -1 : 1);
}
