/**
 * A source whose manifests are looked at for who vouches for them.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";
import { newestFirst } from "./manifest.ts";
import { verifySignature } from "./signature.ts";
import type { PublicKey } from "./signing_key.ts";
import type { ModelProblem, ModelSource, ServedManifest } from "./source.ts";
import { withOlder } from "./with_older.ts";

/**
 * Says of each manifest of a source what its signature is worth (`provenance`), and leaves out what
 * nobody who is trusted has signed: a list has the newest older version that somebody has.
 *
 * @param source What a manifest names as its weights, the source itself compares with their digest.
 * @param trusted The keys that are trusted; everything is, whatever its signature, if left out.
 *
 * @example
 * ```ts
 * import { createFixtureSource } from "./fixture_source.ts";
 * import { checkSignatures } from "./signed_source.ts";
 * import { createSigningKey } from "./signing_key.ts";
 *
 * const { publicKey } = await createSigningKey();
 * const bundled = createFixtureSource(new URL("../../fixtures/models/", import.meta.url));
 * const models = await checkSignatures(bundled, [publicKey]).list();
 * ```
 */
export function checkSignatures(source: ModelSource, trusted?: readonly PublicKey[]): ModelSource {
  /** What was found last, by name and version: to compare is quicker than to verify again. */
  const known = new Map<string, { json: string; found: ReturnType<typeof verifySignature> }>();

  function look(manifest: ServedManifest): ReturnType<typeof verifySignature> {
    const place = `${manifest.name}@${manifest.version}`;
    const json = JSON.stringify(manifest);
    const before = known.get(place);
    if (before?.json === json) return before.found;
    const found = verifySignature(manifest, trusted);
    known.set(place, { json, found });
    return found;
  }

  async function check(manifest: ServedManifest): Promise<ServedManifest> {
    const { provenance, problem } = await look(manifest);
    if (problem !== null && trusted !== undefined) throw new IntegrityError(problem);
    return { ...manifest, provenance };
  }

  /** The manifests that may be served; the others are told of. */
  async function* trustworthy(
    manifests: Iterable<ServedManifest> | AsyncIterable<ServedManifest>,
    onProblem: (problem: ModelProblem) => void,
  ): AsyncGenerator<ServedManifest> {
    for await (const manifest of manifests) {
      try {
        yield await check(manifest);
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        const { name, version } = manifest;
        onProblem({ name, version, problem: error.message });
      }
    }
  }

  return {
    async list(onProblem = () => {}) {
      const found: ServedManifest[] = [];
      for (const current of await source.list(onProblem)) {
        const candidates = withOlder(source, current, onProblem);
        for await (const manifest of trustworthy(candidates, onProblem)) {
          found.push(manifest);
          break;
        }
      }
      return found.sort(newestFirst);
    },
    async find(name, version) {
      const manifest = await source.find(name, version);
      return manifest && await check(manifest);
    },
    versions: async (name, onProblem = () => {}) =>
      await Array.fromAsync(trustworthy(await source.versions(name, onProblem), onProblem)),
    read: (manifest) => source.read(manifest),
  };
}
