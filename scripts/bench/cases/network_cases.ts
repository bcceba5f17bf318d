/**
 * What is timed of whole networks.
 *
 * @module
 */

import type { ImageShape } from "../../../lib/core/types.ts";

/** A network on so many images at a time. */
export interface NetworkCase {
  readonly kernel: "classify" | "gradient to the images";
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

/** Classification of one image and of a batch, and the gradient of a batch. */
export function networkCases(batch: number): NetworkCase[] {
  return networks.flatMap((common) => {
    const { network } = common;
    return [
      { ...common, kernel: "classify", size: `${network}, 1 image`, images: 1 },
      { ...common, kernel: "classify", size: `${network}, ${batch} images`, images: batch },
      {
        ...common,
        kernel: "gradient to the images",
        size: `${network}, ${batch} images`,
        images: batch,
      },
    ] as const;
  });
}
