/**
 * What is said between the serving thread and the Worker that reads images.
 *
 * @module
 */

import type { Image } from "../core/types.ts";
import type { ModelInput } from "./fit_image.ts";

/** An image to read. */
export interface ImageOrder {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly inputs: readonly ModelInput[];
  /** Milliseconds. */
  readonly timeLimit: number;
}

/** What the Worker says: once that it has started, then an answer to each order, in their order. */
export type ImageAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly id: number; readonly images: readonly Image[] }
  // An error's class does not travel with it.
  | { readonly kind: "failed"; readonly id: number; readonly name: string; readonly error: Error };
