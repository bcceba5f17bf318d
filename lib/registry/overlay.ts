/**
 * Several model sources as one.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";
import { newestFirst } from "./manifest.ts";
import type { ModelSource } from "./source.ts";

/**
 * Lays sources over one another: a model in an earlier one hides those of its name, all versions of
 * them, in later ones.
 *
 * @param sources The topmost first.
 *
 * @example
 * ```ts
 * import { createFixtureSource } from "./fixture_source.ts";
 * import { createKvModelStore } from "./kv_store.ts";
 * import { overlay } from "./overlay.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * const fixtures = createFixtureSource(new URL("../../fixtures/models/", import.meta.url));
 * const models = await overlay(createKvModelStore(kv), fixtures).list();
 * ```
 */
export function overlay(...sources: readonly ModelSource[]): ModelSource {
  return {
    async list() {
      const lists = await Promise.all(sources.map((source) => source.list()));
      // Later entries of a Map replace earlier ones, so the topmost source comes last.
      const byName = new Map(lists.reverse().flat().map((model) => [model.name, model]));
      return [...byName.values()].sort(newestFirst);
    },
    async find(name, version) {
      for (const source of sources) {
        const current = await source.find(name);
        if (current === null) continue;
        return version === undefined || version === current.version
          ? current
          : await source.find(name, version);
      }
      return null;
    },
    async read(manifest) {
      const { name, version, weights } = manifest;
      for (const source of sources) {
        const found = await source.find(name, version);
        if (found?.weights.sha256 === weights.sha256) return await source.read(manifest);
      }
      throw new IntegrityError(
        `Cannot read model "${name}" version ${version}: no source has it with blob ` +
          `${weights.sha256}; it was removed or replaced, look it up again`,
      );
    },
  };
}
