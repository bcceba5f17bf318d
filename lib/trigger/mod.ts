/**
 * Triggers: pure functions from images to images.
 *
 * @module
 */

export { corner } from "./corner.ts";
export { corners } from "./corners.ts";
export { createTrigger, triggerFromManifest } from "./create_trigger.ts";
export { defineTrigger } from "./define_trigger.ts";
export { triggerDefinitions } from "./definitions.ts";
export { createImageTrigger, type ImageTriggerOptions } from "./image_trigger.ts";
export { pattern } from "./pattern.ts";
export { pixel } from "./pixel.ts";
export { createSequence } from "./sequence.ts";
export {
  type ApplyOptions,
  type ImageManifest,
  type ImagePlace,
  isImageManifest,
  isSequenceManifest,
  type NumbersManifest,
  type Pixel,
  type SequenceManifest,
  type SingleTriggerManifest,
  type Stamp,
  type Trigger,
  type TriggerDefinition,
  type TriggerImage,
  type TriggerManifest,
} from "./trigger.ts";
export { triggerName } from "./trigger_name.ts";
export { inSentence, triggerTitle } from "./trigger_title.ts";
export {
  type Colour,
  createTriggerImage,
  MAX_TRIGGER_PIXELS,
  type SourceImage,
  type TriggerImageOptions,
} from "./trigger_image.ts";
