/**
 * Strangers' texts in messages.
 *
 * @module
 */

/**
 * Quotes a text, of which no more is shown than tells it from others.
 *
 * @example
 * ```ts
 * import { quote } from "./quote.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(quote("image"), '"image"');
 * assert.equal(quote("x".repeat(100)).length, 63);
 * ```
 */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
