/**
 * A source whose store may be away: what it had is remembered.
 *
 * @module
 */

import type { ModelProblem, ModelSource, ServedManifest } from "./source.ts";

/**
 * Remembers the last list of a source, and gives it for as long as the source cannot be listed; that it
 * cannot is one of the problems then. Manifests and weights are not remembered here: those who have
 * loaded a model have it.
 *
 * @example
 * ```ts
 * import { createKvModelStore } from "./kv_store.ts";
 * import { rememberList } from "./remember_list.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * const models = await rememberList(createKvModelStore(kv)).list();
 * ```
 */
export function rememberList(source: ModelSource): ModelSource {
  let models: readonly ServedManifest[] = [];
  let problems: readonly ModelProblem[] = [];
  return {
    ...source,
    async list(onProblem = () => {}) {
      const found: ModelProblem[] = [];
      try {
        models = await source.list((problem) => found.push(problem));
        problems = found;
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        onProblem({ name: null, version: null, problem: error.message });
      }
      for (const problem of problems) onProblem(problem);
      return models;
    },
  };
}
