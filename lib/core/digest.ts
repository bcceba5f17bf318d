/**
 * Content digests.
 *
 * @module
 */

import { createHash } from "node:crypto";

/**
 * SHA-256 of some bytes.
 *
 * @param bytes What to digest; a view is digested over its own range only.
 * @returns 64 lower-case hexadecimal digits.
 *
 * @example
 * ```ts
 * import { sha256 } from "./digest.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal((await sha256(new Uint8Array())).slice(0, 8), "e3b0c442");
 * ```
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/**
 * SHA-256 of some bytes, at once: for few bytes, where waiting would make callers asynchronous.
 *
 * @param bytes What to digest; a view is digested over its own range only.
 * @returns 64 lower-case hexadecimal digits.
 *
 * @example
 * ```ts
 * import { sha256Sync } from "./digest.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(sha256Sync(new Uint8Array()).slice(0, 8), "e3b0c442");
 * ```
 */
export function sha256Sync(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
