/**
 * The model store in Deno KV: manifests under `["models", name, "versions", version]`, and which of
 * them is served under `["models", name, "current"]`, written last.
 *
 * @module
 */

import { BusyError, IntegrityError, NotFoundError } from "../core/errors.ts";
import { createKvBlobs, referTo } from "./kv_blobs.ts";
import {
  createKvManifests,
  currentKey,
  danglingPointer,
  describeKey,
  type StoredEntry,
  versionKey,
  versionOf,
} from "./kv_manifests.ts";
import { decodeValue, encodeValue } from "./kv_values.ts";
import { descriptionOf, type ModelDescription, type ModelManifest } from "./manifest.ts";
import { checkModelName } from "./model_name.ts";
import { createPatientKv, type PatientKv } from "./patient_kv.ts";
import { signManifest, verifySignature } from "./signature.ts";
import type { SigningKey } from "./signing_key.ts";
import type { SignatureCheck } from "./source.ts";
import type { ModelStore, Removal, VerifiedVersion, VerifyOptions } from "./store.ts";
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
  /** Signs what is saved. */
  readonly key?: SigningKey | undefined;
}

/** A lost check means that another writer was served, so this many in a row do not happen. */
const ATTEMPTS = 100;

/**
 * Opens the model store of a database.
 *
 * @param database Local, or a KV Connect server; it is closed by the one who opened it. One that is
 * patient by itself (`createPatientKv`, `createSteadyKv`) stays as patient as it is.
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
  database: Deno.Kv | PatientKv,
  { leftoverAge = 600_000, now = Date.now, patience, key }: KvModelStoreOptions = {},
): ModelStore {
  const kv = "entries" in database ? database : createPatientKv(database, patience);
  const blobs = createKvBlobs(kv, { leftoverAge, now });
  const { list, find, versions, entries, readEntry } = createKvManifests(kv, blobs);

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
      const held = await blobs.write(blob, weights.sha256);
      if (held === null) continue;
      const pointer = await kv.get(currentKey(name));
      // Not from the pointer: somebody may have set it back to an older version.
      const [newest] = await entries(name);
      const version = String(newest === undefined ? 1 : Number(versionOf(newest)) + 1);
      const unsigned: ModelManifest = {
        format: 1,
        name,
        version,
        ...descriptionOf(description),
        weights,
        createdAt: new Date(now()).toISOString(),
      };
      const manifest = key === undefined ? unsigned : await signManifest(unsigned, key);
      const isWritten = await write(
        manifest,
        (operation) =>
          held.release(operation).check(pointer).set(pointer.key, encodeValue(version)),
      );
      if (isWritten) return manifest;
    }
    throw lostChecks(`save model "${name}"`);
  }

  async function sign(name: string, key: SigningKey, version?: string): Promise<ModelManifest> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await find(name, version);
      if (found === null) throw noSuchModel(name, version);
      const entry = await kv.get(versionKey(name, found.version));
      const manifest = entry.versionstamp === null ? null : await readEntry(entry);
      if (manifest === null) continue;
      // Nobody vouches for what is damaged.
      await blobs.read(manifest.weights, manifest);
      const signed = await signManifest(manifest, key);
      if (await write(signed, (operation) => operation.check(entry))) return signed;
    }
    throw lostChecks(`sign model "${name}"`);
  }

  /**
   * Writes a manifest to its place.
   *
   * @param build Adds what is written, or must hold, together with it.
   * @returns Whether it was written; if not, something came between.
   */
  async function write(
    manifest: ModelManifest,
    build: (operation: Deno.AtomicOperation) => Deno.AtomicOperation,
  ): Promise<boolean> {
    const key = versionKey(manifest.name, manifest.version);
    const description = detachDescription(manifest);
    if (description === null) {
      return (await kv.commit((operation) => build(operation).set(key, encodeValue(manifest)))).ok;
    }
    const reference = await referTo(description);
    const held = await blobs.write(description, reference.sha256);
    if (held === null) return false;
    const stored = encodeValue(withoutDescription(manifest, reference));
    return (await kv.commit((operation) => held.release(build(operation)).set(key, stored))).ok;
  }

  async function remove(
    name: string,
    version?: string,
    { dryRun = false }: { readonly dryRun?: boolean } = {},
  ): Promise<Removal> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const pointer = await kv.get(currentKey(name));
      const served = pointer.versionstamp === null ? null : String(decodeValue(pointer.value));
      const all = await entries(name);
      const isDoomed = (entry: Deno.KvEntry<unknown>) =>
        version === undefined || versionOf(entry) === version;
      const doomed = all.filter(isDoomed);
      const isServed = served !== null && (version === undefined || version === served);
      // A pointer to nothing can be removed too.
      if (doomed.length === 0 && !isServed) throw noSuchModel(name, version);
      const heir = all.find((entry) => !isDoomed(entry));
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

  async function verify(
    name?: string,
    version?: string,
    { trusted }: VerifyOptions = {},
  ): Promise<readonly VerifiedVersion[]> {
    const names = name === undefined ? await listNames() : [name];
    const found: VerifiedVersion[] = [];
    for (const each of names) found.push(...await verifyModel(each, { only: version, trusted }));
    if (name !== undefined && found.length === 0) throw noSuchModel(name, version);
    return found;
  }

  async function verifyModel(
    name: string,
    { only, trusted }: VerifyOptions & { readonly only?: string | undefined },
  ): Promise<VerifiedVersion[]> {
    const pointer = await kv.get(currentKey(name));
    const current = pointer.versionstamp === null ? null : String(decodeValue(pointer.value));
    const all = (await entries(name))
      .filter((entry) => only === undefined || versionOf(entry) === only);
    const found: VerifiedVersion[] = [];
    const isLooked = only === undefined || only === current;
    if (current !== null && isLooked && !all.some((entry) => versionOf(entry) === current)) {
      const problem = danglingPointer(name, current).message;
      const nothing = { weights: null, provenance: null };
      found.push({ name, version: current, current: true, problem, ...nothing });
    }
    for (const entry of all) {
      const version = versionOf(entry);
      let weights: ModelManifest["weights"] | null = null;
      let provenance: SignatureCheck | null = null;
      let problem: string | null = null;
      try {
        const manifest = parseStoredManifest(decodeValue(entry.value), describeKey(entry.key));
        weights = manifest.weights;
        await blobs.read(weights, manifest);
        const whole = await readEntry(entry);
        if (whole !== null) ({ provenance, problem } = await verifySignature(whole, trusted));
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        problem = error.message;
      }
      found.push({ name, version, current: version === current, problem, weights, provenance });
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

  return { list, find, versions, read, checkSavable, save, sign, remove, verify, collect };
}

/** The blobs that an entry refers to; pointers, and what another program wrote askew, refer to none. */
function blobsOf({ value }: StoredEntry): string[] {
  const stored = decodeValue(value) as Partial<StoredManifest> | null;
  return [stored?.weights?.sha256, stored?.description?.sha256]
    .filter((sha256) => sha256 !== undefined);
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
