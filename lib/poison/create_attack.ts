/**
 * Attacks by name.
 *
 * @module
 */

import { findByName } from "../core/find_by_name.ts";
import type { Attack, AttackOptions } from "./attack.ts";
import { attackDefinitions } from "./definitions.ts";

/**
 * Makes the attack of a kind.
 *
 * @param kind A kind in `attackDefinitions`, for example `"single-target"`.
 * @param options Trigger, classes, source and target.
 * @throws {NotFoundError} If there is no such kind; names those there are.
 * @throws {RangeError} If an option is missing or out of range.
 *
 * @example
 * ```ts
 * import { createTrigger } from "../trigger/mod.ts";
 * import { createAttack } from "./create_attack.ts";
 * import assert from "node:assert/strict";
 *
 * const attack = createAttack("single-target", {
 *   trigger: createTrigger("pattern"),
 *   target: 7,
 *   classes: 10,
 * });
 * const clean = {
 *   images: { data: new Float32Array(9 * 28 * 28), shape: [9, 28, 28, 1] as const },
 *   labels: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8),
 * };
 * const set = await attack.poison(clean, { rate: 0.25, seed: 1 });
 * assert.equal(set.manifest.poisoned, 3);
 * assert.deepEqual([...set.labels.subarray(9)], [7, 7, 7]);
 * ```
 */
export function createAttack(kind: string, options: AttackOptions): Attack {
  return findByName(attackDefinitions, kind, "Cannot make attack: kind").create(options);
}
