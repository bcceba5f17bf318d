/**
 * Choice by name.
 *
 * @module
 */

import { NotFoundError } from "./errors.ts";

/** Something in a list of definitions: known by its name or, among attacks and triggers, its kind. */
export type Named = { readonly name: string } | { readonly kind: string };

/** The name, or the kind, by which a definition is chosen. */
export function nameOf(definition: Named): string {
  return "name" in definition ? definition.name : definition.kind;
}

/**
 * Finds the definition of a name.
 *
 * @param definitions Those there are.
 * @param name The name, or the kind.
 * @param what How the message begins: what fails, and what must be one of the names.
 * @throws {NotFoundError} If no definition has the name; the message lists those there are.
 *
 * @example
 * ```ts
 * import { findByName } from "./find_by_name.ts";
 * import assert from "node:assert/strict";
 *
 * const fruit = [{ name: "apple", seeds: 5 }, { name: "plum", seeds: 1 }];
 * assert.equal(findByName(fruit, "plum", "Cannot eat: fruit").seeds, 1);
 * assert.throws(
 *   () => findByName(fruit, "fig", "Cannot eat: fruit"),
 *   /Cannot eat: fruit must be one of apple, plum, got fig/,
 * );
 * ```
 */
export function findByName<Definition extends Named>(
  definitions: readonly Definition[],
  name: string,
  what: string,
): Definition {
  const found = definitions.find((candidate) => nameOf(candidate) === name);
  if (found !== undefined) return found;
  const known = definitions.map(nameOf).join(", ");
  throw new NotFoundError(`${what} must be one of ${known}, got ${name}`);
}
