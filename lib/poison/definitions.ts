/**
 * The list of attacks.
 *
 * @module
 */

import { allToAll } from "./all_to_all.ts";
import type { AttackDefinition } from "./attack.ts";
import { cleanLabel } from "./clean_label.ts";
import { none } from "./none.ts";
import { singleTarget } from "./single_target.ts";

/** Every attack there is; a new one is one file and one line here. */
export const attackDefinitions: readonly AttackDefinition[] = [
  none,
  singleTarget,
  allToAll,
  cleanLabel,
];
