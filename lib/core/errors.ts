/**
 * Errors that a caller is expected to tell apart. Everything else is a built-in error class.
 *
 * Messages say what failed, why, and what to do, in that order.
 *
 * @module
 */

/** The caller asked for something contradictory or out of range: exit status 2, HTTP 400. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What was asked for does not exist: exit status 1, HTTP 404. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
}

/** What was asked for is in use by others for too long, or away: exit status 1, HTTP 503. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

/** Stored bytes are missing or are not those that were written. */
export class IntegrityError extends Error {
  override readonly name = "IntegrityError";
}

/**
 * A stored model is whole, but none that can be used: it has a layer that is not known here, gives no
 * probabilities, or takes other images than its manifest says. Exit status 1, HTTP 500.
 */
export class ModelError extends Error {
  override readonly name = "ModelError";
}

/**
 * Makes something of a user's options: one that is out of range is wrong usage, and no failure.
 *
 * @param make Makes it; throws a `RangeError` if an option is out of range.
 * @throws {UsageError} In place of a `RangeError`.
 *
 * @example
 * ```ts
 * import { fromUser, UsageError } from "./errors.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => fromUser(() => (1).toFixed(-1)), UsageError);
 * ```
 */
export function fromUser<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message, { cause: error }) : error;
  }
}
