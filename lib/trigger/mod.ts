/**
 * Triggers: pure functions from images to images.
 *
 * @module
 */

export { corner } from "./corner.ts";
export { corners } from "./corners.ts";
export { createTrigger, triggerFromManifest } from "./create_trigger.ts";
export { triggerDefinitions } from "./definitions.ts";
export { createImageTrigger, type ImageTriggerOptions } from "./image_trigger.ts";
export { pattern } from "./pattern.ts";
export { pixel } from "./pixel.ts";
export { createSequence } from "./sequence.ts";
export type {
  ApplyOptions,
  CornerManifest,
  ImageManifest,
  ImagePlace,
  Pixel,
  SequenceManifest,
  SingleTriggerManifest,
  StampManifest,
  Trigger,
  TriggerDefinition,
  TriggerImage,
  TriggerManifest,
  TriggerOptions,
} from "./trigger.ts";
export { triggerName } from "./trigger_name.ts";
export { createTriggerImage, MAX_TRIGGER_PIXELS, type SourceImage } from "./trigger_image.ts";
