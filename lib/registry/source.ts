/**
 * Where models are read from: Deno KV, the bundled fixtures, or one before the other.
 *
 * @module
 */

import type { ModelManifest } from "./manifest.ts";

/** A place to read stored models from. */
export interface ModelSource {
  /** The manifests of the current versions, newest first. */
  list(): Promise<readonly ServedManifest[]>;
  /**
   * The manifest of one model.
   *
   * @param version The current one where left out.
   * @returns `null` where there is no such model or version.
   */
  find(name: string, version?: string): Promise<ServedManifest | null>;
  /**
   * The weights blob (safetensors) that a manifest names, checked against its digest.
   *
   * @throws {IntegrityError} If bytes are missing or altered; names the model and the digest.
   */
  read(manifest: ModelManifest): Promise<Uint8Array<ArrayBuffer>>;
}

/** A manifest and where it comes from. */
export interface ServedManifest extends ModelManifest {
  readonly source: "kv" | "fixture";
}
