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

/** Stored bytes are missing or are not those that were written. */
export class IntegrityError extends Error {
  override readonly name = "IntegrityError";
}
