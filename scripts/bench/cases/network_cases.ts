/**
 * What is timed of whole networks.
 *
 * @module
 */

import type { ImageShape } from "../../../lib/core/types.ts";
import { formatCountOf } from "../../../lib/core/format.ts";

/** A network on so many images at a time. */
export interface NetworkCase {
  /** `predict` is tfjs's, which the server uses; `classify` the engine's, which evaluation uses. */
  readonly kernel: "predict" | "classify" | "gradient to the images";
  readonly size: string;
  readonly network: string;
  readonly input: ImageShape;
  readonly images: number;
}

const networks: readonly { readonly network: string; readonly input: ImageShape }[] = [
  { network: "article", input: [28, 28, 1] },
  { network: "badnets", input: [28, 28, 1] },
  { network: "resnet", input: [32, 32, 3] },
];

/** Classification of one image and of a batch, by tfjs and by the engine; the gradient of a batch. */
export function networkCases(batch: number): NetworkCase[] {
  const kinds = [
    ["predict", 1],
    ["classify", 1],
    ["predict", batch],
    ["classify", batch],
    ["gradient to the images", batch],
  ] as const;
  return networks.flatMap((common) =>
    kinds.map(([kernel, images]) => ({
      ...common,
      kernel,
      images,
      size: `${common.network}, ${formatCountOf(images, "image")}`,
    }))
  );
}
