/**
 * Triggers: pure functions from images to images.
 *
 * @module
 */

export { createTrigger, triggerFromManifest } from "./create_trigger.ts";
export { triggerDefinitions } from "./definitions.ts";
export { pattern } from "./pattern.ts";
export { pixel } from "./pixel.ts";
export type {
  Pixel,
  Trigger,
  TriggerDefinition,
  TriggerManifest,
  TriggerOptions,
} from "./trigger.ts";
