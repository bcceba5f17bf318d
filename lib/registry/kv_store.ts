/**
 * The model store in Deno KV: manifests under `["models", name, "versions", version]`, and which of
 * them is served under `["models", name, "current"]`, written last.
 *
 * @module
 */

import { BusyError, IntegrityError, NotFoundError } from "../core/errors.ts";
import { createKvBlobs, referTo } from "./kv_blobs.ts";
import { decodeValue, encodeValue } from "./kv_values.ts";
import {
  descriptionOf,
  type ModelDescription,
  type ModelManifest,
  newestFirst,
  parseManifest,
} from "./manifest.ts";
import { createPatientKv } from "./patient_kv.ts";
import { checkModelName, isModelName, isVersion } from "./model_name.ts";
import type { ModelProblem, ServedManifest } from "./source.ts";
import type { ModelStore, Removal, VerifiedVersion } from "./store.ts";
import {
  detachDescription,
  parseStoredManifest,
  type StoredManifest,
  withoutDescription,
} from "./stored_manifest.ts";

/** Options of the store; the defaults are for use, others for tests. */
export interface KvModelStoreOptions {
  /** Age from which what an unfinished save left may be collected, in milliseconds: 10 minutes. */
  readonly leftoverAge?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** How long each step waits for other programs that keep the database locked, in milliseconds. */
  readonly patience?: number;
}

type StoredEntry = Pick<Deno.KvEntry<unknown>, "key" | "value">;

/** A lost check means that another writer was served, so this many in a row do not happen. */
const ATTEMPTS = 100;

/**
 * Opens the model store of a database.
 *
 * @param database Local, or a KV Connect server; it is closed by the one who opened it.
 *
 * @example
 * ```ts
 * import { createKvModelStore } from "./kv_store.ts";
 * import assert from "node:assert/strict";
 *
 * using kv = await Deno.openKv(":memory:");
 * const store = createKvModelStore(kv);
 * const saved = await store.save("tiny", new Uint8Array([1, 2, 3]), {
 *   architecture: "tiny", dataset: null, attack: null, training: null, metrics: null,
 *   labels: ["0", "1"], input: [2, 2, 1],
 * });
 * assert.equal(saved.version, "1");
 * assert.deepEqual(await store.read(saved), new Uint8Array([1, 2, 3]));
 * ```
 */
export function createKvModelStore(
  database: Deno.Kv,
  { leftoverAge = 600_000, now = Date.now, patience }: KvModelStoreOptions = {},
): ModelStore {
  const kv = createPatientKv(database, patience);
  const blobs = createKvBlobs(kv, { leftoverAge, now });

  async function list(
    onProblem: (problem: ModelProblem) => void = () => {},
  ): Promise<readonly ServedManifest[]> {
    const served: ServedManifest[] = [];
    for (const [name, { version, entry }] of await listCurrent()) {
      try {
        // A list is no snapshot: what its pointer named may have been removed before it was reached.
        const manifest = entry && await readEntry(entry) || await find(name);
        if (manifest !== null) served.push({ ...manifest, source: "kv" });
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        onProblem({ name, version, problem: error.message });
      }
    }
    return served.sort(newestFirst);
  }

  /** The current version of each model, and its manifest's entry, if that is there. */
  async function listCurrent() {
    const current = new Map<string, { version: string; entry: StoredEntry | null }>();
    // One pass: "current" sorts before "versions" under each name.
    for (const { key, value } of await kv.entries(["models"])) {
      const [, name, kind, version] = key.map(String) as [string, string, string, string?];
      if (kind === "current") {
        current.set(name, { version: String(decodeValue(value)), entry: null });
      } else if (version !== undefined && version === current.get(name)?.version) {
        current.set(name, { version, entry: { key, value } });
      }
    }
    return current;
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

  /** The manifest in an entry, its description with it; `null` if it was removed meanwhile. */
  async function readEntry({ key, value }: StoredEntry): Promise<ModelManifest | null> {
    const where = describeKey(key);
    const { description, ...manifest } = parseStoredManifest(decodeValue(value), where);
    if (manifest.name !== key[1] || manifest.version !== key[3]) throw otherModels(where);
    if (description === undefined) return manifest;
    try {
      const json = decodeValue(await blobs.read(description, manifest)) as ModelDescription;
      return parseManifest({ ...manifest, ...json }, where);
    } catch (error) {
      if ((await kv.get(key)).versionstamp === null) return null;
      throw error;
    }
  }

  async function checkSavable(name: string): Promise<void> {
    checkModelName(name);
    try {
      // Of nothing: it takes no place, and fails if the database cannot be written to.
      await kv.commit((operation) => operation.delete(["leases", ""]));
    } catch (cause) {
      if (!(cause instanceof Error) || cause instanceof BusyError) throw cause;
      const message =
        `Cannot save model "${name}": ${cause.message}; make the store writable, or ` +
        "choose another";
      throw new Error(message, { cause });
    }
  }

  async function save(
    name: string,
    blob: Uint8Array<ArrayBuffer>,
    description: ModelDescription,
  ): Promise<ModelManifest> {
    checkModelName(name);
    await collect();
    const weights = await referTo(blob);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const heldWeights = await blobs.write(blob, weights.sha256);
      if (heldWeights === null) continue;
      const pointer = await kv.get(currentKey(name));
      // Not from the pointer: somebody may have set it back to an older version.
      const [newest] = await listVersions(name);
      const version = String(newest === undefined ? 1 : Number(versionOf(newest)) + 1);
      const manifest: ModelManifest = {
        format: 1,
        name,
        version,
        ...descriptionOf(description),
        weights,
        createdAt: new Date(now()).toISOString(),
      };
      const held = [heldWeights];
      let stored: StoredManifest = manifest;
      const detached = detachDescription(manifest);
      if (detached !== null) {
        const reference = await referTo(detached);
        const heldDescription = await blobs.write(detached, reference.sha256);
        if (heldDescription === null) continue;
        held.push(heldDescription);
        stored = withoutDescription(manifest, reference);
      }
      const flip = await kv.commit((operation) =>
        held.reduce((all, { release }) => release(all), operation)
          .check(pointer)
          .set(versionKey(name, version), encodeValue(stored))
          .set(pointer.key, encodeValue(version))
      );
      if (flip.ok) return manifest;
    }
    throw lostChecks(`save model "${name}"`);
  }

  /** All versions' entries, newest first, not parsed. */
  async function listVersions(name: string): Promise<Deno.KvEntry<unknown>[]> {
    return [...await kv.entries(["models", name, "versions"])]
      .sort((a, b) => Number(versionOf(b)) - Number(versionOf(a)));
  }

  async function versions(
    name: string,
    onProblem: (problem: ModelProblem) => void = () => {},
  ): Promise<readonly ModelManifest[]> {
    const found: ModelManifest[] = [];
    for (const entry of await listVersions(name)) {
      try {
        const manifest = await readEntry(entry);
        if (manifest !== null) found.push(manifest);
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        onProblem({ name, version: versionOf(entry), problem: error.message });
      }
    }
    return found;
  }

  async function remove(
    name: string,
    version?: string,
    { dryRun = false }: { readonly dryRun?: boolean } = {},
  ): Promise<Removal> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const pointer = await kv.get(currentKey(name));
      const served = pointer.versionstamp === null ? null : String(decodeValue(pointer.value));
      const entries = await listVersions(name);
      const isDoomed = (entry: Deno.KvEntry<unknown>) =>
        version === undefined || versionOf(entry) === version;
      const doomed = entries.filter(isDoomed);
      const isServed = served !== null && (version === undefined || version === served);
      // A pointer to nothing can be removed too.
      if (doomed.length === 0 && !isServed) throw noSuchModel(name, version);
      const heir = entries.find((entry) => !isDoomed(entry));
      const current = heir === undefined ? null : isServed ? versionOf(heir) : served;
      const versions = doomed.map(versionOf);
      if (dryRun) return { versions, current, blobs: await blobsOnlyOf(doomed) };
      const removal = await kv.commit((operation) => {
        operation.check(pointer);
        for (const { key } of doomed) operation.delete(key);
        if (heir === undefined) return operation.delete(pointer.key);
        if (!isServed) return operation;
        // The check keeps another removal from taking the heir meanwhile.
        return operation.check(heir).set(pointer.key, encodeValue(current));
      });
      if (removal.ok) {
        return { versions, current, blobs: await collect() };
      }
    }
    throw lostChecks(`remove model "${name}"`);
  }

  async function verify(name?: string, version?: string): Promise<readonly VerifiedVersion[]> {
    const names = name === undefined ? await listNames() : [name];
    const found: VerifiedVersion[] = [];
    for (const each of names) found.push(...await verifyModel(each, version));
    if (name !== undefined && found.length === 0) throw noSuchModel(name, version);
    return found;
  }

  async function verifyModel(name: string, only?: string): Promise<VerifiedVersion[]> {
    const pointer = await kv.get(currentKey(name));
    const current = pointer.versionstamp === null ? null : String(decodeValue(pointer.value));
    const entries = (await listVersions(name))
      .filter((entry) => only === undefined || versionOf(entry) === only);
    const found: VerifiedVersion[] = [];
    const isLooked = only === undefined || only === current;
    if (current !== null && isLooked && !entries.some((entry) => versionOf(entry) === current)) {
      const problem = danglingPointer(name, current).message;
      found.push({ name, version: current, current: true, problem, weights: null });
    }
    for (const entry of entries) {
      const version = versionOf(entry);
      let weights: ModelManifest["weights"] | null = null;
      let problem: string | null = null;
      try {
        const manifest = parseStoredManifest(decodeValue(entry.value), describeKey(entry.key));
        weights = manifest.weights;
        await blobs.read(weights, manifest);
        await readEntry(entry);
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        problem = error.message;
      }
      found.push({ name, version, current: version === current, problem, weights });
    }
    return found;
  }

  async function listNames(): Promise<string[]> {
    return [...new Set((await kv.entries(["models"])).map(({ key }) => String(key[1])))];
  }

  function collect(): Promise<string[]> {
    return blobs.collect(async () => new Set((await kv.entries(["models"])).flatMap(blobsOf)));
  }

  /** The blobs that these entries refer to, and no other entry. */
  async function blobsOnlyOf(entries: readonly StoredEntry[]): Promise<string[]> {
    const keys = new Set(entries.map(({ key }) => describeKey(key)));
    const others = (await kv.entries(["models"])).filter(({ key }) => !keys.has(describeKey(key)));
    const kept = new Set(others.flatMap(blobsOf));
    return [...new Set(entries.flatMap(blobsOf))].filter((sha256) => !kept.has(sha256));
  }

  const read = (manifest: ModelManifest) => blobs.read(manifest.weights, manifest);

  return { list, find, read, checkSavable, save, versions, remove, verify, collect };
}

/** The blobs that an entry refers to; pointers, and what another program wrote askew, refer to none. */
function blobsOf({ value }: StoredEntry): string[] {
  const stored = decodeValue(value) as Partial<StoredManifest> | null;
  return [stored?.weights?.sha256, stored?.description?.sha256]
    .filter((sha256) => sha256 !== undefined);
}

function currentKey(name: string): Deno.KvKey {
  return ["models", name, "current"];
}

function versionKey(name: string, version: string): Deno.KvKey {
  return ["models", name, "versions", version];
}

function versionOf({ key }: Deno.KvEntry<unknown>): string {
  return String(key[3]);
}

function describeKey(key: Deno.KvKey): string {
  return JSON.stringify(key);
}

function otherModels(where: string): IntegrityError {
  return new IntegrityError(
    `Cannot read the manifest at ${where}: its name and version must be those of its place; it was ` +
      `copied there by something else`,
  );
}

function danglingPointer(name: string, version: string): IntegrityError {
  return new IntegrityError(
    `Cannot read model "${name}": its current version ${version} has no manifest; save the model ` +
      `again or delete it`,
  );
}

function noSuchModel(name: string, version?: string): NotFoundError {
  const which = version === undefined ? "" : ` version ${version}`;
  return new NotFoundError(
    `Cannot find model "${name}"${which}: the store has none such; see deno task models list`,
  );
}

function lostChecks(what: string): Error {
  return new Error(
    `Cannot ${what}: other writers came between ${ATTEMPTS} times; try again, and see ` +
      `deno task models verify`,
  );
}
