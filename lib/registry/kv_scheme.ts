/**
 * The store behind tfjs's own interface: `model.save("kv://NAME")`,
 * `tf.loadLayersModel("kv://NAME")` and, for an older version, `"kv://NAME@VERSION"`;
 * `tf.io.listModels()`, `copyModel`, `moveModel` and `removeModel`.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { UsageError } from "../core/errors.ts";
import { decodeArtifacts, encodeArtifacts } from "./artifacts.ts";
import { putDescription, takeDescription } from "./describe_model.ts";
import { formatKvAddress, type ModelAddress, parseKvAddress } from "./model_address.ts";
import { manageKvModels, requireModel } from "./kv_management.ts";
import { descriptionOf } from "./manifest.ts";
import { checkModelName } from "./model_name.ts";
import type { ModelStore } from "./store.ts";

/**
 * The store behind `kv://`. tfjs's list of routers belongs to the process, takes no router out again
 * and fails where two answer one URL: so one router is put in, once, and asks here.
 */
const scheme: { registered: { store: ModelStore } | null; installed: boolean } = {
  registered: null,
  installed: false,
};

/**
 * Makes `kv://NAME` mean a store's models, for tfjs in this process; the last store registered wins.
 *
 * @returns Unregisters the store, unless another took its place meanwhile. Can be called twice.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { createKvModelStore } from "./kv_store.ts";
 * import { registerKvScheme } from "./kv_scheme.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * const unregister = registerKvScheme(createKvModelStore(kv));
 * await tf.setBackend("cpu");
 * await tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] })
 *   .save("kv://tiny");
 * const model = await tf.loadLayersModel("kv://tiny");
 * unregister();
 * ```
 */
export function registerKvScheme(store: ModelStore): () => void {
  const registration = { store };
  scheme.registered = registration;
  if (!scheme.installed) {
    tf.io.registerSaveRouter(route);
    tf.io.registerLoadRouter(route);
    manageKvModels(() => scheme.registered?.store ?? null);
    scheme.installed = true;
  }
  return () => {
    if (scheme.registered === registration) scheme.registered = null;
  };
}

function route(url: string | string[]): tf.io.IOHandler {
  const address = typeof url === "string" ? parseKvAddress(url) : null;
  // tfjs asks for null from a router that an URL does not concern; its types do not say so.
  if (address === null || scheme.registered === null) return null as unknown as tf.io.IOHandler;
  const { store } = scheme.registered;
  return {
    save: (artifacts) => save(store, address, artifacts),
    load: () => load(store, address),
  };
}

async function save(
  store: ModelStore,
  address: ModelAddress,
  artifacts: tf.io.ModelArtifacts,
): Promise<tf.io.SaveResult> {
  const { name, version } = address;
  if (version !== undefined) {
    const where = formatKvAddress(address);
    throw new UsageError(
      `Cannot save to ${where}: the store counts versions itself; save to kv://${name}`,
    );
  }
  checkModelName(name);
  const described = await takeDescription(artifacts);
  await store.save(name, encodeArtifacts(described.artifacts), described.description);
  return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
}

async function load(store: ModelStore, address: ModelAddress): Promise<tf.io.ModelArtifacts> {
  checkModelName(address.name);
  const manifest = await requireModel(store, address);
  return putDescription({
    artifacts: decodeArtifacts(await store.read(manifest)),
    description: descriptionOf(manifest),
  });
}
