/**
 * What every trigger is: a pure function from images to images, with a description of itself.
 *
 * This file imports no implementation; `definitions.ts` lists them.
 *
 * @module
 */

import type { Numbers, Parameters } from "../core/parameter.ts";
import type { Images, ImageShape, Json } from "../core/types.ts";

/** Row and column of a pixel, from the top left. */
export type Pixel = readonly [row: number, column: number];

/** A trigger that is made of numbers alone, as its definition has them. */
export interface NumbersManifest {
  /** A kind of `definitions.ts`. */
  readonly kind: string;
  /** A number for each of the definition's parameters. */
  readonly [parameter: string]: Json;
}

/** A trigger that lays an image over a part of the image. */
export interface ImageManifest {
  readonly kind: "image";
  /** The image at the size at which it is laid on. */
  readonly image: TriggerImage;
  /** Share of the laid-on image in the result, above 0 to 1. */
  readonly blend: number;
  readonly place: ImagePlace;
}

/** Triggers that are stamped one after the other. */
export interface SequenceManifest {
  readonly kind: "sequence";
  /** In the order of stamping; one or more. */
  readonly triggers: readonly SingleTriggerManifest[];
}

/** A trigger that is no sequence, as it stands in manifests. */
export type SingleTriggerManifest = NumbersManifest | ImageManifest;

/** A trigger as it stands in manifests and on the wire; enough to make it again. */
export type TriggerManifest = SingleTriggerManifest | SequenceManifest;

/** An image to be laid on others. */
export interface TriggerImage {
  readonly height: number;
  readonly width: number;
  /** `(H, W, 4)` bytes in base64: red, green, blue, alpha (not premultiplied). */
  readonly rgba: string;
  /** Digest of those bytes. */
  readonly sha256: string;
}

/**
 * Where an image is laid: its top left pixel, or somewhere at random, for each image of a data set
 * a place of its own that the seed and the image's index decide.
 */
export type ImagePlace =
  | { readonly row: number; readonly column: number }
  | { readonly seed: number };

/** What a trigger is told beside the images. */
export interface ApplyOptions {
  /**
   * Each image's index in its data set, for triggers whose place is random: an image gets the same
   * place wherever it is met. Default: 0, 1, 2, …
   */
  readonly indices?: ArrayLike<number>;
}

/** A mark that an attacker stamps on an image. */
export interface Trigger {
  readonly manifest: TriggerManifest;
  /**
   * The pixels that it changes in an image of this shape, each once, in the order of writing.
   *
   * @param index The image's index in its data set; default 0.
   * @throws {RangeError} If the trigger does not lie within the image.
   */
  pixels(shape: ImageShape, index?: number): readonly Pixel[];
  /**
   * Stamps one image or every image of a batch.
   *
   * @param images Values in 0–1; left as they are.
   * @returns New images of the same shape. Needs no `this`: it can be passed as a perturbation.
   * @throws {RangeError} If the trigger does not lie within the image.
   */
  readonly apply: <T extends Images>(images: T, options?: ApplyOptions) => T;
}

/** What a definition makes of its numbers: a trigger but for its manifest. */
export type Stamp = Pick<Trigger, "pixels" | "apply">;

/** An entry in the list of triggers that are made of numbers alone (`definitions.ts`). */
export interface TriggerDefinition {
  /** Lower case, with hyphens. */
  readonly kind: string;
  /** What people call it: `"Single pixel"`. */
  readonly title: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly parameters: Parameters;
  /**
   * Makes the trigger.
   *
   * @param numbers Those of its parameters; further ones are not looked at.
   * @throws {RangeError} If a number is out of its parameter's range.
   */
  readonly create: (numbers?: Numbers) => Trigger;
}

/** Whether a trigger lays an image over others. */
export function isImageManifest(manifest: TriggerManifest): manifest is ImageManifest {
  return manifest.kind === "image";
}

/** Whether a trigger is several, one after the other. */
export function isSequenceManifest(manifest: TriggerManifest): manifest is SequenceManifest {
  return manifest.kind === "sequence";
}
