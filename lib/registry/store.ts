/**
 * What a store of models does beyond reading them.
 *
 * @module
 */

import type { ModelDescription, ModelManifest } from "./manifest.ts";
import type { PublicKey, SigningKey } from "./signing_key.ts";
import type { ModelSource, SignatureCheck } from "./source.ts";

/** What a look at one stored version found. */
export interface VerifiedVersion {
  readonly name: string;
  readonly version: string;
  /** Whether it is the version that is served. */
  readonly current: boolean;
  /** What is wrong with it; `null` where every byte is as it was written. */
  readonly problem: string | null;
  /** `null` where the manifest cannot be read. */
  readonly weights: ModelManifest["weights"] | null;
  /** What was found of its signature; `null` if it has none, or cannot be read. */
  readonly provenance: SignatureCheck | null;
}

/** How a store is verified. */
export interface VerifyOptions {
  /** If given, what is not signed with one of these keys has a problem. */
  readonly trusted?: readonly PublicKey[] | undefined;
}

/** What a removal removed. */
export interface Removal {
  /** Newest first. */
  readonly versions: readonly string[];
  /** The version that is served from now on; `null` where the model is gone. */
  readonly current: string | null;
  /** Digests of the blobs that nothing referred to any more. */
  readonly blobs: readonly string[];
}

/** A model source that can be written to. */
export interface ModelStore extends ModelSource {
  /**
   * Refuses, before the work, a save that would be refused after it. No description is too long.
   *
   * @throws {UsageError} If the name is not one (`isModelName`).
   * @throws {Error} If the database cannot be written to.
   */
  checkSavable(name: string): Promise<void>;
  /**
   * Saves a model as a new version and serves it from then on. Readers see the version before it or
   * this one; a save that is killed changes nothing that they see.
   *
   * @param blob A safetensors file (`encodeArtifacts`).
   * @throws {UsageError} If the name is not one (`isModelName`).
   */
  save(
    name: string,
    blob: Uint8Array<ArrayBuffer>,
    description: ModelDescription,
  ): Promise<ModelManifest>;
  /**
   * Signs a version that is stored, once its weights are found to be whole; a signature that it has
   * is replaced.
   *
   * @param version The current one if left out.
   * @throws {NotFoundError} If there is no such model or version.
   * @throws {IntegrityError} If bytes are missing or altered.
   */
  sign(name: string, key: SigningKey, version?: string): Promise<ModelManifest>;
  /**
   * Removes a model, or one version of it, and collects blobs that nothing refers to any more.
   * If the served version is removed, the newest that is left is served.
   *
   * @param options.dryRun Changes nothing, and answers what would be removed.
   * @throws {NotFoundError} If there is no such model or version.
   */
  remove(
    name: string,
    version?: string,
    options?: { readonly dryRun?: boolean },
  ): Promise<Removal>;
  /**
   * Reads everything, or one model, or one version, digests it again, and checks signatures.
   *
   * @returns By name, newest version first.
   * @throws {NotFoundError} If there is no such model or version.
   */
  verify(
    name?: string,
    version?: string,
    options?: VerifyOptions,
  ): Promise<readonly VerifiedVersion[]>;
  /**
   * Deletes blobs that nothing refers to, and what killed saves left; `save` and `remove` do so too.
   *
   * @returns The digests of the deleted blobs.
   */
  collect(): Promise<readonly string[]>;
}
