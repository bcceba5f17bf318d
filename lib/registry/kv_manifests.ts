/**
 * The manifests of a database: `["models", name, "versions", version]`, and which of them is served,
 * `["models", name, "current"]`.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";
import type { KvBlobs } from "./kv_blobs.ts";
import { decodeValue } from "./kv_values.ts";
import {
  type ModelDescription,
  type ModelManifest,
  newestFirst,
  parseManifest,
} from "./manifest.ts";
import { isModelName, isVersion } from "./model_name.ts";
import type { PatientKv } from "./patient_kv.ts";
import type { ModelProblem, ModelSource, ServedManifest } from "./source.ts";
import { parseStoredManifest } from "./stored_manifest.ts";

/** A key and its value. */
export type StoredEntry = Pick<Deno.KvEntry<unknown>, "key" | "value">;

/** Reading manifests. */
export interface KvManifests extends Omit<ModelSource, "read"> {
  /** The entries of all versions of a model, newest first, not parsed. */
  entries(name: string): Promise<readonly Deno.KvEntry<unknown>[]>;
  /**
   * The manifest in an entry, its description with it.
   *
   * @returns `null` if it was removed meanwhile.
   * @throws {IntegrityError} If it cannot be read, or is not of this place.
   */
  readEntry(entry: StoredEntry): Promise<ModelManifest | null>;
}

/** Opens the manifests of a database; `blobs` are its blobs. */
export function createKvManifests(kv: PatientKv, blobs: KvBlobs): KvManifests {
  async function list(
    onProblem: (problem: ModelProblem) => void = () => {},
  ): Promise<readonly ServedManifest[]> {
    const served: ServedManifest[] = [];
    for (const [name, { current, versions }] of await listNames()) {
      const manifest = await readCurrent(name, { current, versions }, onProblem);
      if (manifest !== null) served.push(manifest);
    }
    return served.sort(newestFirst);
  }

  /** Each model's current version, and the entries of its versions, newest first. */
  async function listNames() {
    const names = new Map<string, { current: string; versions: StoredEntry[] }>();
    // One pass: "current" sorts before "versions" under each name.
    for (const { key, value } of await kv.entries(["models"])) {
      const [, name, kind] = key.map(String) as [string, string, string];
      if (kind === "current") {
        names.set(name, { current: String(decodeValue(value)), versions: [] });
      } else if (kind === "versions") {
        names.get(name)?.versions.push({ key, value });
      }
    }
    for (const { versions } of names.values()) versions.sort(newestVersionFirst);
    return names;
  }

  /** The current version, or the newest older one that can be read. */
  async function readCurrent(
    name: string,
    { current, versions }: { current: string; versions: readonly StoredEntry[] },
    onProblem: (problem: ModelProblem) => void,
  ): Promise<ServedManifest | null> {
    try {
      const entry = versions.find((each) => versionOf(each) === current);
      // A list is no snapshot: what its pointer named may have been removed before it was reached.
      const manifest = entry && await readEntry(entry) || await find(name);
      return manifest === null ? null : { ...manifest, source: "kv" };
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      onProblem({ name, version: current, problem: error.message });
    }
    const older = versions.filter((entry) => !(Number(versionOf(entry)) >= Number(current)));
    for await (const manifest of readable(older, onProblem)) return manifest;
    return null;
  }

  /** The manifests that can be read; the others are told of. */
  async function* readable(
    entries: readonly StoredEntry[],
    onProblem: (problem: ModelProblem) => void,
  ): AsyncGenerator<ServedManifest> {
    for (const entry of entries) {
      try {
        const manifest = await readEntry(entry);
        if (manifest !== null) yield { ...manifest, source: "kv" };
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        const [name, version] = [String(entry.key[1]), versionOf(entry)];
        onProblem({ name, version, problem: error.message });
      }
    }
  }

  async function find(name: string, version?: string): Promise<ServedManifest | null> {
    if (!isModelName(name)) return null;
    if (version !== undefined) {
      return isVersion(version) ? await findVersion(name, version) : null;
    }
    for (;;) {
      const pointer = await kv.get(currentKey(name));
      if (pointer.versionstamp === null) return null;
      const current = String(decodeValue(pointer.value));
      const manifest = await findVersion(name, current);
      if (manifest !== null) return manifest;
      // Removed between the two reads, or the pointer leads nowhere.
      const again = await kv.get(currentKey(name));
      if (again.versionstamp === pointer.versionstamp) throw danglingPointer(name, current);
    }
  }

  async function findVersion(name: string, version: string): Promise<ServedManifest | null> {
    const entry = await kv.get(versionKey(name, version));
    if (entry.versionstamp === null) return null;
    const manifest = await readEntry(entry);
    return manifest === null ? null : { ...manifest, source: "kv" };
  }

  async function readEntry({ key, value }: StoredEntry): Promise<ModelManifest | null> {
    const where = describeKey(key);
    const { description, ...manifest } = parseStoredManifest(decodeValue(value), where);
    checkPlace(manifest, key);
    if (description === undefined) return manifest;
    try {
      const json = decodeValue(await blobs.read(description, manifest)) as ModelDescription;
      const whole = parseManifest({ ...manifest, ...json }, where);
      // The description has no say in it.
      checkPlace(whole, key);
      return whole;
    } catch (error) {
      if ((await kv.get(key)).versionstamp === null) return null;
      throw error;
    }
  }

  async function entries(name: string): Promise<readonly Deno.KvEntry<unknown>[]> {
    return [...await kv.entries(["models", name, "versions"])].sort(newestVersionFirst);
  }

  async function versions(
    name: string,
    onProblem: (problem: ModelProblem) => void = () => {},
  ): Promise<readonly ServedManifest[]> {
    return await Array.fromAsync(readable(await entries(name), onProblem));
  }

  return { list, find, versions, entries, readEntry };
}

/** Where the current version of a model stands. */
export function currentKey(name: string): Deno.KvKey {
  return ["models", name, "current"];
}

/** Where the manifest of a version stands. */
export function versionKey(name: string, version: string): Deno.KvKey {
  return ["models", name, "versions", version];
}

/** The version whose manifest stands in an entry. */
export function versionOf({ key }: StoredEntry): string {
  return String(key[3]);
}

/** A key in words. */
export function describeKey(key: Deno.KvKey): string {
  return JSON.stringify(key);
}

/** The error of a current version that is not there. */
export function danglingPointer(name: string, version: string): IntegrityError {
  return new IntegrityError(
    `Cannot read model "${name}": its current version ${version} has no manifest; save the model ` +
      `again or delete it`,
  );
}

function newestVersionFirst(a: StoredEntry, b: StoredEntry): number {
  return Number(versionOf(b)) - Number(versionOf(a));
}

function checkPlace({ name, version }: ModelManifest, key: Deno.KvKey): void {
  if (name === key[1] && version === key[3]) return;
  throw new IntegrityError(
    `Cannot read the manifest at ${describeKey(key)}: its name and version must be those of its ` +
      `place; it was copied there by something else`,
  );
}
