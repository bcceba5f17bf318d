/**
 * The list of triggers.
 *
 * @module
 */

import { pattern } from "./pattern.ts";
import { pixel } from "./pixel.ts";
import type { TriggerDefinition } from "./trigger.ts";

/** Every trigger there is; a new one is one file and one line here. */
export const triggerDefinitions: readonly TriggerDefinition[] = [
  pixel,
  pattern,
];
