/**
 * Manifests as values of Deno KV, of which none may be longer than 65,536 bytes. What a description
 * may grow by is bounded by nobody: the history has an entry an epoch, a trigger may be an image,
 * classes may be thousands. A description that makes its manifest too long is a blob of its own.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";
import { encodeValue } from "./kv_values.ts";
import {
  type BlobReference,
  descriptionOf,
  isBlobReference,
  type ModelDescription,
  type ModelManifest,
  parseManifest,
} from "./manifest.ts";

/** The longest value that Deno KV takes, in bytes. */
export const VALUE_BYTES = 65_536;

/** A manifest as it is stored. */
export interface StoredManifest extends ModelManifest {
  /** The blob that has the description, as JSON, if the manifest has none of it but `input`. */
  readonly description?: BlobReference;
}

/**
 * Takes a stored value as a manifest.
 *
 * @param where Where it was read, for the message.
 * @throws {IntegrityError} If it is no manifest of format 1.
 */
export function parseStoredManifest(value: unknown, where: string): StoredManifest {
  const manifest: StoredManifest = parseManifest(value, where);
  if (manifest.description === undefined || isBlobReference(manifest.description)) return manifest;
  throw new IntegrityError(
    `Cannot read the manifest at ${where}: its description must name a blob; it was altered`,
  );
}

/**
 * The description of a manifest as bytes for a blob.
 *
 * @returns `null` if the manifest is short enough as it is.
 */
export function detachDescription(manifest: ModelManifest): Uint8Array<ArrayBuffer> | null {
  return encodeValue(manifest).length <= VALUE_BYTES ? null : encodeValue(descriptionOf(manifest));
}

/** A manifest whose description is in a blob. */
export function withoutDescription(
  manifest: ModelManifest,
  description: BlobReference,
): StoredManifest {
  const none: ModelDescription = {
    architecture: "",
    dataset: null,
    attack: null,
    training: null,
    metrics: null,
    labels: [],
    input: manifest.input,
  };
  return { ...manifest, ...none, description };
}
