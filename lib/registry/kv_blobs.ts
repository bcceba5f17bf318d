/**
 * Immutable blobs in Deno KV: chunks under `["blobs", sha256, i]`, named by the digest of the whole.
 *
 * Collecting a blob never takes chunks from under a save. Each blob has one small lease entry,
 * `["leases", sha256]`, made before its first chunk and deleted with its last. Every chunk is
 * written in an atomic operation that checks the lease, the operation that makes a manifest refer
 * to the blob checks it and changes it, and a collector changes it with the first chunks that it
 * deletes, checking that it is still as it was before the manifests were searched. So of a save and
 * a collection that meet, one loses its check: the collector lets go, or the save begins again and
 * writes what is gone. Clocks decide only how long the leftovers of a killed save are spared, never
 * whether a served blob is whole.
 *
 * @module
 */

import { sha256 as digest } from "../core/digest.ts";
import { IntegrityError } from "../core/errors.ts";
import { decodeValue, encodeValue } from "./kv_values.ts";
import type { BlobReference, ModelManifest } from "./manifest.ts";
import type { PatientKv } from "./patient_kv.ts";
import { VALUE_BYTES } from "./stored_manifest.ts";

const CHUNK_BYTES = VALUE_BYTES;

/** Chunks in one atomic operation (at most 819,200 bytes), and keys in one `getMany` (at most 10). */
const BATCH = 10;
/** Keys deleted in one atomic operation: at most 1,000 mutations, 81,920 bytes of keys. */
const DELETE_BATCH = 500;

interface Lease {
  readonly chunks: number;
  /** Milliseconds since 1970, while a save may be writing; `null` once a manifest referred to it. */
  readonly writingSince: number | null;
}

/** A blob that is wholly in the store for as long as the check holds. */
export interface HeldBlob {
  /**
   * Makes an atomic operation fail where the blob may have been collected meanwhile, and marks the
   * blob as no longer being written.
   */
  release(operation: Deno.AtomicOperation): Deno.AtomicOperation;
}

/** Reading, writing and collecting blobs. */
export interface KvBlobs {
  /**
   * Writes the chunks that are not there yet, or not as they should be.
   *
   * @param sha256 The blob's digest.
   * @returns The blob, held; `null` if a collection came between: call again.
   */
  write(blob: Uint8Array<ArrayBuffer>, sha256: string): Promise<HeldBlob | null>;
  /**
   * Reads a blob of a model, checked against its digest.
   *
   * @throws {IntegrityError} If bytes are missing or altered; names the model and the digest.
   */
  read(blob: BlobReference, model: ModelManifest): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Deletes blobs that nothing refers to and no save is writing.
   *
   * @param findReferenced The digests that manifests name; called after the leases are read.
   * @returns The digests of the deleted blobs.
   */
  collect(findReferenced: () => Promise<ReadonlySet<string>>): Promise<string[]>;
}

/** The clock, and how patient it is. */
export interface KvBlobsOptions {
  /** Age from which what an unfinished save left may be collected, in milliseconds. */
  readonly leftoverAge: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The name that a blob goes by in a manifest. */
export async function referTo(blob: Uint8Array<ArrayBuffer>): Promise<BlobReference> {
  return { sha256: await digest(blob), bytes: blob.length, chunks: chunksOf(blob) };
}

/**
 * Opens the blobs of a database.
 *
 * @param kv Local, or a KV Connect server; only its `leases` and `blobs` are touched.
 */
export function createKvBlobs(kv: PatientKv, { leftoverAge, now }: KvBlobsOptions): KvBlobs {
  const isBeingWritten = (lease: Lease | null) =>
    lease !== null && lease.writingSince !== null && now() - lease.writingSince < leftoverAge;

  /** Joins the lease of another save of the same bytes, or takes it. */
  async function lease(sha256: string, chunks: number): Promise<string> {
    for (;;) {
      const entry = await kv.get(leaseKey(sha256));
      if (entry.versionstamp !== null && isBeingWritten(readLease(entry.value))) {
        return entry.versionstamp;
      }
      const taken = encodeLease({ chunks, writingSince: now() });
      const result = await kv.commit((operation) => operation.check(entry).set(entry.key, taken));
      if (result.ok) return result.versionstamp;
    }
  }

  async function readChunks(sha256: string, chunks: number): Promise<(Uint8Array | null)[]> {
    const batches = Array.from(
      { length: Math.ceil(chunks / BATCH) },
      (_, batch) => {
        const first = batch * BATCH;
        const length = Math.min(BATCH, chunks - first);
        return kv.getMany(
          Array.from({ length }, (_, i) => chunkKey(sha256, first + i)),
        );
      },
    );
    return (await Promise.all(batches)).flat()
      .map(({ value }) => value instanceof Uint8Array ? value : null);
  }

  async function write(
    blob: Uint8Array<ArrayBuffer>,
    sha256: string,
  ): Promise<HeldBlob | null> {
    const chunks = chunksOf(blob);
    const check = { key: leaseKey(sha256), versionstamp: await lease(sha256, chunks) };
    const stored = await readChunks(sha256, chunks);
    const wanted = stored
      .map((bytes, i) => ({
        bytes,
        key: chunkKey(sha256, i),
        chunk: blob.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES),
      }))
      .filter(({ bytes, chunk }) => bytes === null || !equalBytes(bytes, chunk));
    for (let first = 0; first < wanted.length; first += BATCH) {
      const batch = wanted.slice(first, first + BATCH);
      const result = await kv.commit((operation) =>
        batch.reduce((all, { key, chunk }) => all.set(key, chunk), operation.check(check))
      );
      if (!result.ok) return null;
    }
    const kept = encodeLease({ chunks, writingSince: null });
    return { release: (operation) => operation.check(check).set(check.key, kept) };
  }

  async function read(
    { sha256, bytes, chunks }: BlobReference,
    model: ModelManifest,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const fail = (why: string): never => {
      throw new IntegrityError(
        `Cannot read model "${model.name}" version ${model.version}: ${why} of blob ` +
          `${sha256}; delete this version or save the model again`,
      );
    };
    const parts = (await readChunks(sha256, chunks)).map((part, i) =>
      part ?? fail(`the store lacks chunk ${i} (of ${chunks})`)
    );
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (length !== bytes) fail(`the store must have ${bytes} bytes, got ${length},`);
    const blob = new Uint8Array(length);
    let offset = 0;
    for (const part of parts) {
      blob.set(part, offset);
      offset += part.length;
    }
    const found = await digest(blob);
    return found === sha256 ? blob : fail(`the store has altered bytes (digest ${found})`);
  }

  /** Deletes from the last chunk to the first, and the lease last. */
  async function deleteBlob(sha256: string, { key, value, versionstamp }: Deno.KvEntry<unknown>) {
    const chunks = readLease(value)?.chunks ?? (await kv.entries(["blobs", sha256])).length;
    let left = chunks;
    let stamp = versionstamp;
    for (;;) {
      const first = Math.max(0, left - DELETE_BATCH);
      const doomed = Array.from({ length: left - first }, (_, i) => chunkKey(sha256, left - 1 - i));
      const check = { key, versionstamp: stamp };
      const result = await kv.commit((operation) => {
        operation.check(check);
        for (const each of doomed) operation.delete(each);
        // Zero is older than any age: what remains, should this be the last step, is a leftover.
        return first === 0
          ? operation.delete(key)
          : operation.set(key, encodeLease({ chunks, writingSince: 0 }));
      });
      if (!result.ok) return false;
      if (first === 0) return true;
      left = first;
      stamp = result.versionstamp;
    }
  }

  async function collect(findReferenced: () => Promise<ReadonlySet<string>>): Promise<string[]> {
    const unused = (await kv.entries(["leases"]))
      .filter(({ value }) => !isBeingWritten(readLease(value)));
    if (unused.length === 0) return [];
    const referenced = await findReferenced();
    const collected: string[] = [];
    for (const entry of unused) {
      const sha256 = String(entry.key[1]);
      if (!referenced.has(sha256) && await deleteBlob(sha256, entry)) collected.push(sha256);
    }
    return collected;
  }

  return { write, read, collect };
}

/** `null` for what is no lease: something else wrote it. */
function readLease(stored: unknown): Lease | null {
  const lease = decodeValue(stored) as Partial<Lease> | null;
  const isLease = Number.isSafeInteger(lease?.chunks) &&
    (lease?.writingSince === null || typeof lease?.writingSince === "number");
  return isLease ? lease as Lease : null;
}

function encodeLease(lease: Lease): Uint8Array<ArrayBuffer> {
  return encodeValue(lease);
}

function chunksOf(blob: Uint8Array): number {
  return Math.ceil(blob.length / CHUNK_BYTES);
}

function chunkKey(sha256: string, chunk: number): Deno.KvKey {
  return ["blobs", sha256, chunk];
}

function leaseKey(sha256: string): Deno.KvKey {
  return ["leases", sha256];
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
