/**
 * Looking at all that a source of models has.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";
import { verifySignature } from "./signature.ts";
import type { ModelSource } from "./source.ts";
import type { VerifiedVersion, VerifyOptions } from "./store.ts";

/**
 * Reads every model of a source, digests it again and checks its signature. (A store looks at older versions too:
 * `ModelStore.verify`.)
 *
 * @returns By name.
 */
export async function verifySource(
  source: ModelSource,
  { trusted }: VerifyOptions = {},
): Promise<readonly VerifiedVersion[]> {
  const found: VerifiedVersion[] = [];
  const models = await source.list(({ name, version, problem }) => {
    if (name === null) return;
    const nothing = { weights: null, provenance: null };
    found.push({ name, version: version ?? "?", current: true, problem, ...nothing });
  });
  for (const manifest of models) {
    const { name, version, weights } = manifest;
    const signature = await verifySignature(manifest, trusted);
    const damage = await source.read(manifest).then(() => null, (error: unknown) => {
      if (!(error instanceof IntegrityError)) throw error;
      return error.message;
    });
    const { provenance } = signature;
    const problem = damage ?? signature.problem;
    found.push({ name, version, current: true, problem, weights, provenance });
  }
  return found.sort((a, b) => a.name < b.name ? -1 : 1);
}
