/**
 * The store behind tfjs's own interface: `model.save("kv://NAME")`,
 * `tf.loadLayersModel("kv://NAME")` and, for an older version, `"kv://NAME@VERSION"`.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { NotFoundError, UsageError } from "../core/errors.ts";
import { decodeArtifacts, encodeArtifacts } from "./artifacts.ts";
import { putDescription, takeDescription } from "./describe_model.ts";
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
    scheme.installed = true;
  }
  return () => {
    if (scheme.registered === registration) scheme.registered = null;
  };
}

function route(url: string | string[]): tf.io.IOHandler {
  const match = typeof url === "string" && /^kv:\/\/([^@]*)(?:@(.*))?$/s.exec(url);
  // tfjs asks for null from a router that an URL does not concern; its types do not say so.
  if (!match || scheme.registered === null) return null as unknown as tf.io.IOHandler;
  const { store } = scheme.registered;
  const [, name = "", version] = match;
  return {
    save: (artifacts) => save(store, { name, version }, artifacts),
    load: () => load(store, { name, version }),
  };
}

interface ModelAddress {
  readonly name: string;
  readonly version: string | undefined;
}

async function save(
  store: ModelStore,
  { name, version }: ModelAddress,
  artifacts: tf.io.ModelArtifacts,
): Promise<tf.io.SaveResult> {
  if (version !== undefined) {
    throw new UsageError(
      `Cannot save to kv://${name}@${version}: the store counts versions itself; save to ` +
        `kv://${name}`,
    );
  }
  checkModelName(name);
  const described = await takeDescription(artifacts);
  await store.save(name, encodeArtifacts(described.artifacts), described.description);
  return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
}

async function load(
  store: ModelStore,
  { name, version }: ModelAddress,
): Promise<tf.io.ModelArtifacts> {
  checkModelName(name);
  const manifest = await store.find(name, version);
  if (manifest === null) {
    throw new NotFoundError(
      `Cannot load kv://${name}${version === undefined ? "" : `@${version}`}: the store has no ` +
        `such model; see deno task models list`,
    );
  }
  return putDescription({
    artifacts: decodeArtifacts(await store.read(manifest)),
    description: descriptionOf(manifest),
  });
}
