/**
 * tfjs's own functions to list, move and remove stored models, for `kv://`.
 *
 * tfjs keeps the managers that these functions ask in a registry that it exports to nobody. So the
 * functions on `tf.io` are wrapped: what does not concern `kv://` goes to tfjs's own.
 * (`tf.io.copyModel` needs no manager.)
 *
 * @module
 */

import { NotFoundError, UsageError } from "../core/errors.ts";
import * as tf from "../core/tfjs.ts";
import { formatKvAddress, type ModelAddress, parseKvAddress } from "./model_address.ts";
import type { ModelManifest } from "./manifest.ts";
import type { ModelStore } from "./store.ts";

/**
 * Wraps the functions on `tf.io`; to be called once.
 *
 * @param storeOf Gives the store behind `kv://`; `null` while there is none.
 */
export function manageKvModels(storeOf: () => ModelStore | null): void {
  const { listModels, moveModel, removeModel } = tf.io;
  /** The store and the address in it; `null` if the URL does not concern it. */
  const find = (url: string) => {
    const [store, address] = [storeOf(), parseKvAddress(url)];
    return store && address && { store, address };
  };
  Object.assign(tf.io, {
    async listModels() {
      const models = await storeOf()?.list() ?? [];
      const infos = models.map((model) => [formatKvAddress({ name: model.name }), infoOf(model)]);
      return { ...await listModels(), ...Object.fromEntries(infos) };
    },
    async moveModel(source: string, target: string) {
      const found = find(source);
      return found === null ? await moveModel(source, target) : await move(found, target);
    },
    async removeModel(url: string) {
      const found = find(url);
      if (found === null) return await removeModel(url);
      const { store, address } = found;
      const info = infoOf(await requireModel(store, address));
      await store.remove(address.name, address.version);
      return info;
    },
  });
}

/** Copies all that goes with an address, and removes it only then. */
async function move(
  { store, address }: { store: ModelStore; address: ModelAddress },
  target: string,
): Promise<tf.io.ModelArtifactsInfo> {
  const { name, version } = address;
  const from = formatKvAddress(address);
  if (from === target) {
    throw new UsageError(`Cannot move ${from}: the target must be another, got it`);
  }
  await requireModel(store, address);
  const versions = version === undefined
    ? (await store.versions(name)).map((model) => model.version).reverse()
    : [version];
  if (versions.length > 1 && parseKvAddress(target) === null) {
    throw new UsageError(
      `Cannot move ${from} to ${target}: only one of its ${versions.length} ` +
        "versions would be there; use tf.io.copyModel, or move one version (kv://NAME@VERSION)",
    );
  }
  const infos = [];
  for (const version of versions) {
    infos.push(await tf.io.copyModel(formatKvAddress({ name, version }), target));
  }
  // One by one: what was saved under the name meanwhile stays.
  for (const version of versions) await store.remove(name, version);
  return infos.at(-1)!;
}

/**
 * Finds the model at an address.
 *
 * @throws {NotFoundError} If there is none.
 */
export async function requireModel(
  store: ModelStore,
  address: ModelAddress,
): Promise<ModelManifest> {
  const manifest = await store.find(address.name, address.version);
  if (manifest !== null) return manifest;
  const where = formatKvAddress(address);
  throw new NotFoundError(
    `Cannot find ${where}: the store has no such model; see deno task models list`,
  );
}

/** What tfjs says of a stored model. The topology is in the blob, so that its bytes count there. */
function infoOf({ createdAt, weights }: ModelManifest): tf.io.ModelArtifactsInfo {
  return {
    dateSaved: new Date(createdAt),
    modelTopologyType: "JSON",
    weightDataBytes: weights.bytes,
  };
}
