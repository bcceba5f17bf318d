/**
 * What every trigger is: a pure function from images to images, with a description of itself.
 *
 * This file imports no implementation; `definitions.ts` lists them.
 *
 * @module
 */

import type { Images, ImageShape } from "../core/types.ts";

/** Row and column of a pixel, from the top left. */
export type Pixel = readonly [row: number, column: number];

/** A trigger as it stands in manifests and on the wire; enough to make it again. */
export interface TriggerManifest {
  /** The name by which it is chosen, for example `"pattern"`. */
  readonly kind: string;
  /** How far from the bottom right corner it is drawn, in pixels, from 1. */
  readonly distance: number;
  /** The value it writes, 0–1. */
  readonly value: number;
}

/** Options that every trigger takes; each has a default. */
export type TriggerOptions = Partial<Omit<TriggerManifest, "kind">>;

/** A mark that an attacker stamps on an image. */
export interface Trigger {
  readonly manifest: TriggerManifest;
  /**
   * The pixels that it overwrites in an image of this shape, in the order of writing.
   *
   * @throws {RangeError} If the trigger does not lie within the image.
   */
  pixels(shape: ImageShape): readonly Pixel[];
  /**
   * Stamps one image or every image of a batch.
   *
   * @param images Values in 0–1; left as they are.
   * @returns New images of the same shape. Needs no `this`: it can be passed as a perturbation.
   * @throws {RangeError} If the trigger does not lie within the image.
   */
  readonly apply: <T extends Images>(images: T) => T;
}

/** An entry in the list of triggers (`definitions.ts`). */
export interface TriggerDefinition {
  readonly kind: string;
  /** One sentence for people. */
  readonly summary: string;
  /**
   * Makes the trigger.
   *
   * @throws {RangeError} If `distance` is no integer from 1 or `value` is not within 0–1.
   */
  readonly create: (options?: TriggerOptions) => Trigger;
}
