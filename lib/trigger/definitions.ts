/**
 * The list of triggers.
 *
 * @module
 */

import { corner } from "./corner.ts";
import { corners } from "./corners.ts";
import { pattern } from "./pattern.ts";
import { pixel } from "./pixel.ts";
import type { TriggerDefinition } from "./trigger.ts";

/**
 * Every trigger that is made of numbers alone; a new one is one file and one line here. Images
 * (`image_trigger.ts`) and sequences (`sequence.ts`) are made of more.
 */
export const triggerDefinitions: readonly TriggerDefinition[] = [
  pixel,
  pattern,
  corner,
  corners,
];
