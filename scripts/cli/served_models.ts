/**
 * The models that a command can be asked about: stored and bundled, as the server has them.
 *
 * @module
 */

import { NotFoundError } from "../../lib/core/errors.ts";
import { createFixtureSource } from "../../lib/registry/fixture_source.ts";
import { createKvModelStore } from "../../lib/registry/kv_store.ts";
import { formatAddress, type ModelAddress } from "../../lib/registry/model_address.ts";
import type { ModelManifest } from "../../lib/registry/manifest.ts";
import { overlay } from "../../lib/registry/overlay.ts";
import type { ModelSource } from "../../lib/registry/source.ts";

/** Models, and how one is found. */
export interface ServedModels {
  readonly models: ModelSource;
  /**
   * Finds a model.
   *
   * @param what What it is to be done to it, for the message: `"evaluate"`.
   * @throws {NotFoundError} If there is no such model.
   * @throws {IntegrityError} If its manifest is broken.
   */
  require(address: ModelAddress, what: string): Promise<ModelManifest>;
}

/** The models of a store, and those that come with the project. */
export function servedModels(kv: Deno.Kv): ServedModels {
  const bundled = createFixtureSource(new URL("../../fixtures/models/", import.meta.url));
  const models = overlay(createKvModelStore(kv), bundled);
  return {
    models,
    async require({ name, version }, what) {
      const manifest = await models.find(name, version);
      if (manifest !== null) return manifest;
      const names = (await bundled.list()).map(({ name }) => name).join(", ");
      throw new NotFoundError(
        `Cannot ${what} model "${formatAddress({ name, version })}": there is no such model; ` +
          `see deno task models list, or take one that is bundled: ${names}`,
      );
    },
  };
}
