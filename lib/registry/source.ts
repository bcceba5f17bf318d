/**
 * Where models are read from: Deno KV, the bundled fixtures, or one before the other.
 *
 * @module
 */

import type { ModelManifest } from "./manifest.ts";

/** A place to read stored models from. */
export interface ModelSource {
  /**
   * The manifests of the current versions, newest first. If that of a current version cannot be
   * read, the newest older one that can be stands in its place.
   *
   * @param onProblem Told of each version that is left out, for its manifest cannot be read.
   */
  list(onProblem?: (problem: ModelProblem) => void): Promise<readonly ServedManifest[]>;
  /**
   * The manifest of one model.
   *
   * @param version The current one if left out.
   * @returns `null` if there is no such model or version.
   * @throws {IntegrityError} If its manifest cannot be read.
   */
  find(name: string, version?: string): Promise<ServedManifest | null>;
  /**
   * The manifests of all versions of a model that can be found, newest first; none if there is no
   * such model.
   *
   * @param onProblem Told of each version that is left out, for its manifest cannot be read.
   */
  versions(
    name: string,
    onProblem?: (problem: ModelProblem) => void,
  ): Promise<readonly ServedManifest[]>;
  /**
   * The weights blob (safetensors) that a manifest names, checked against its digest.
   *
   * @throws {IntegrityError} If bytes are missing or altered; names the model and the digest.
   */
  read(manifest: ModelManifest): Promise<Uint8Array<ArrayBuffer>>;
}

/** What a look at a manifest's signature found. */
export interface SignatureCheck {
  /** The key's id (`keyId` of `signing_key.ts`); `null` if the signature names no key. */
  readonly key: string | null;
  /** Who signed, in their own words; `null` if they did not say. */
  readonly signer: string | null;
  /** Whether the manifest is as it was signed with this key. */
  readonly valid: boolean;
  /** Whether it is valid, and the key is one of those that are trusted. */
  readonly trusted: boolean;
}

/** A manifest and where it comes from. */
export interface ServedManifest extends ModelManifest {
  readonly source: "kv" | "fixture";
  /** What was found of its signature; `null` if it has none, left out if nobody looked. */
  readonly provenance?: SignatureCheck | null;
}

/** A model that cannot be served, and why. */
export interface ModelProblem {
  /** `null` if it is not one model, but the store itself, that cannot be read. */
  readonly name: string | null;
  /** `null` if it is not known. */
  readonly version: string | null;
  /** A sentence: what failed, why, what to do. */
  readonly problem: string;
}
