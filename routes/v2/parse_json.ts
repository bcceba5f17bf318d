/**
 * JSON from a stranger.
 *
 * @module
 */

import { UsageError } from "../../lib/core/errors.ts";

/** Levels of arrays and objects, as Triton allows. */
const MAX_DEPTH = 100;

/** Objects and their keys. A request has some ten; arrays and their values are for tensors. */
const MAX_KEYS = 1000;

/**
 * Parses UTF-8 JSON.
 *
 * @param bytes The whole document.
 * @returns What it says; numbers too large for a double are infinite.
 * @throws {UsageError} If it is not UTF-8 or no JSON, its arrays and objects stand more than 100
 * levels deep in one another, or it has more than 1,000 objects and keys.
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
  // Before the parser: it takes ten times as long for objects as for as many bytes of numbers.
  checkBulk(bytes);
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

/** Counts levels, objects and keys. */
function checkBulk(json: Uint8Array): void {
  const [quote, backslash, colon, bracket, brace] = [0x22, 0x5c, 0x3a, 0x5b, 0x7b];
  let [depth, keys] = [0, 0];
  let isText = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (isText) {
      if (byte === backslash) i++;
      else if (byte === quote) isText = false;
    } else if (byte === quote) {
      isText = true;
    } else if (byte === bracket || byte === brace) {
      depth++;
      if (byte === brace) keys++;
    } else if (byte === bracket + 2 || byte === brace + 2) { // those that close
      depth--;
    } else if (byte === colon) {
      keys++;
    }
    if (depth > MAX_DEPTH) throw excessive(`be at most ${MAX_DEPTH} levels deep`);
    if (keys > MAX_KEYS) throw excessive(`have at most ${MAX_KEYS} objects and keys`);
  }
}

function excessive(what: string): UsageError {
  return new UsageError(`Cannot read the request: its JSON must ${what}, got more`);
}
