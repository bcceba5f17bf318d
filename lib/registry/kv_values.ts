/**
 * JSON values in Deno KV, as UTF-8 bytes. Left to itself, KV writes objects and even strings in V8's
 * serialisation, whose version 16 (Deno 2.8 and later) no earlier V8 can read: a server on Deno 2.5,
 * which Deno Deploy runs, would fail on what Deno 2.9 trained. Bytes are read everywhere.
 *
 * @module
 */

import type { Json } from "../core/types.ts";

/**
 * A value as it is stored.
 *
 * @param value What `JSON.stringify` and `JSON.parse` leave unchanged.
 */
export function encodeValue(value: object | Json): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

/**
 * What a stored value says.
 *
 * @param stored Bytes that `encodeValue` made, or a value that another program stored as it was.
 * @returns The value; bytes that are no JSON text as they are; `null` where nothing is stored.
 */
export function decodeValue(stored: unknown): unknown {
  if (!(stored instanceof Uint8Array)) return stored;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(stored));
  } catch {
    return stored;
  }
}
