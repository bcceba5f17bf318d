/**
 * JSON from a stranger.
 *
 * @module
 */

import { UsageError } from "../../lib/core/errors.ts";

/** Levels of arrays and objects, as Triton allows. */
const MAX_DEPTH = 100;

/**
 * Parses UTF-8 JSON.
 *
 * @param bytes The whole document.
 * @returns What it says; numbers too large for a double are infinite.
 * @throws {UsageError} If it is not UTF-8 or no JSON, or its arrays and objects stand more than 100
 * levels deep in one another.
 *
 * @example
 * ```ts
 * import { parseJson } from "./parse_json.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseJson(new TextEncoder().encode("[1, 2]")), [1, 2]);
 * assert.throws(() => parseJson(new TextEncoder().encode("[NaN]")), /Cannot read the request/);
 * ```
 */
export function parseJson(bytes: Uint8Array): unknown {
  // Before the parser, which keeps a note of every level that is open.
  if (isDeeper(bytes, MAX_DEPTH)) {
    throw new UsageError(
      `Cannot read the request: its JSON must be at most ${MAX_DEPTH} levels deep, got more`,
    );
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    // Of the parser, or of bytes that are no UTF-8.
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
    throw new UsageError(
      "Cannot read the request: it must be JSON in UTF-8, in which numbers are finite, got " +
        (bytes.length === 0 ? "nothing" : "something else"),
      { cause },
    );
  }
}

/** Whether arrays and objects stand more than some levels deep in one another. */
function isDeeper(json: Uint8Array, levels: number): boolean {
  const [quote, backslash] = [0x22, 0x5c];
  let depth = 0;
  let isText = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (isText) {
      if (byte === backslash) i++;
      else if (byte === quote) isText = false;
    } else if (byte === quote) {
      isText = true;
    } else if (byte === 0x5b || byte === 0x7b) { // [ and {
      if (++depth > levels) return true;
    } else if (byte === 0x5d || byte === 0x7d) { // ] and }
      depth--;
    }
  }
  return false;
}
