/**
 * Saving what took long to make.
 *
 * @module
 */

import { join } from "node:path";
import { writeAtomically } from "../core/write_atomically.ts";
import { referTo } from "./kv_blobs.ts";
import { descriptionOf, type ModelDescription, type ModelManifest } from "./manifest.ts";
import { isModelName } from "./model_name.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import type { ModelStore } from "./store.ts";

/** A model, and under which name it is saved. */
export interface NamedModel {
  readonly name: string;
  /** What `encodeArtifacts` made. */
  readonly blob: Uint8Array<ArrayBuffer>;
  readonly description: ModelDescription;
}

/**
 * Saves a model; what the store does not take is written to a file, so that it is not lost.
 *
 * The file is the model's blob (safetensors), with the manifest, but for the version, as JSON in the
 * metadata `manifest`. `decodeArtifacts` reads it, and it has the same name each time.
 *
 * @param options.folders Where the file may stand; the first that takes it has it.
 * @returns The manifest, if the store took it.
 * @throws {Error} If it did not; says why, and which file the model is in.
 */
export async function saveOrKeep(
  store: ModelStore,
  { name, blob, description }: NamedModel,
  { folders }: { readonly folders: readonly string[] },
): Promise<ModelManifest> {
  try {
    return await store.save(name, blob, description);
  } catch (cause) {
    const why = `Cannot save model "${name}": ${reasonOf(cause)}`;
    const kept = await keep({ name, blob, description }, folders);
    const whereabouts = kept.path === null
      ? `and it is lost, for no file can be written either (${kept.problems.join("; ")})`
      : `it is not lost: weights, topology and manifest are in the file ${kept.path}; move that ` +
        "file to a safe place";
    throw new Error(`${why}; ${whereabouts}`, { cause });
  }
}

/** Where a model was kept; `null` if nowhere, with what each folder said. */
interface Kept {
  readonly path: string | null;
  readonly problems: readonly string[];
}

async function keep(
  { name, blob, description }: NamedModel,
  folders: readonly string[],
): Promise<Kept> {
  const weights = await referTo(blob);
  const manifest: Omit<ModelManifest, "version"> = {
    format: 1,
    name,
    ...descriptionOf(description),
    weights,
    createdAt: new Date().toISOString(),
  };
  const { tensors, metadata } = decodeSafetensors(blob);
  const file = encodeSafetensors(tensors, { ...metadata, manifest: JSON.stringify(manifest) });
  const stem = isModelName(name) ? name : "model";
  const problems: string[] = [];
  for (const folder of folders) {
    const path = join(folder, `${stem}-${weights.sha256.slice(0, 12)}.safetensors`);
    try {
      await writeAtomically(path, file);
      return { path, problems };
    } catch (error) {
      problems.push(reasonOf(error));
    }
  }
  return { path: null, problems };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
