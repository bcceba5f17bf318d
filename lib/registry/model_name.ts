/**
 * Names and versions of stored models.
 *
 * @module
 */

import { UsageError } from "../core/errors.ts";

/**
 * Whether a text can name a stored model: lower-case letters, digits, `.`, `_`, `-`; 1–100 of them,
 * the first a letter or a digit.
 */
export function isModelName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,99}$/.test(name);
}

/**
 * Refuses what cannot name a stored model.
 *
 * @throws {UsageError} If `isModelName` says no.
 *
 * @example
 * ```ts
 * import { checkModelName } from "./model_name.ts";
 * import assert from "node:assert/strict";
 *
 * checkModelName("mnist-article.2");
 * assert.throws(() => checkModelName("../secret"), /Cannot name a model/);
 * ```
 */
export function checkModelName(name: string): void {
  if (isModelName(name)) return;
  throw new UsageError(
    `Cannot name a model: its name must be 1–100 of a–z, 0–9, ".", "_", "-", beginning with a ` +
      `letter or a digit, got "${name}"`,
  );
}

/** Whether a text can be a version: `"1"`, `"2"`, …. */
export function isVersion(version: string): boolean {
  return /^[1-9][0-9]{0,14}$/.test(version);
}
