/**
 * Several model sources as one.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";
import { newestFirst } from "./manifest.ts";
import type { ModelSource, ServedManifest } from "./source.ts";

/**
 * Lays sources over one another: a model in an earlier one hides those of its name, all versions of
 * them, in later ones. So does a broken model, lest another be taken for it. A source that cannot be
 * listed at all hides nothing.
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
    async list(onProblem = () => {}) {
      const found = new Map<string, ServedManifest | null>();
      for (const source of sources) {
        const names = new Map<string, ServedManifest | null>();
        try {
          const models = await source.list((problem) => {
            onProblem(problem);
            if (problem.name !== null) names.set(problem.name, null);
          });
          for (const model of models) names.set(model.name, model);
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          onProblem({ name: null, version: null, problem: error.message });
        }
        for (const [name, model] of names) if (!found.has(name)) found.set(name, model);
      }
      return [...found.values()].filter((model) => model !== null).sort(newestFirst);
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
    async versions(name, onProblem = () => {}) {
      for (const source of sources) {
        let isThere = false;
        const found = await source.versions(name, (problem) => {
          isThere = true;
          onProblem(problem);
        });
        if (isThere || found.length > 0) return found;
      }
      return [];
    },
    async read(manifest) {
      const { name, version, weights } = manifest;
      const failures: unknown[] = [];
      for (const source of sources) {
        try {
          const found = await source.find(name, version);
          if (found?.weights.sha256 !== weights.sha256) continue;
        } catch (error) {
          failures.push(error);
          continue;
        }
        return await source.read(manifest);
      }
      throw failures[0] ?? new IntegrityError(
        `Cannot read model "${name}" version ${version}: no source has it with blob ` +
          `${weights.sha256}; it was removed or replaced, look it up again`,
      );
    },
  };
}
