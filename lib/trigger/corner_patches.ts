/**
 * Triggers of black and white patches in the corners, those of the clean-label paper (Turner,
 * Tsipras, Mądry: "Clean-Label Backdoor Attacks", 2019, and its successor "Label-Consistent Backdoor
 * Attacks", arXiv 1912.02771).
 *
 * The papers describe and picture a 3×3 black and white square; which pixel is which is taken from
 * the authors' program (MadryLab/label-consistent-backdoor-code, `poison_attack.py`), and so is how a
 * reduced amplitude works: it is added to white places, subtracted from black ones, in all channels,
 * and the sum is clipped.
 *
 * @module
 */

import type { Images, ImageShape } from "../core/types.ts";
import { imageShape } from "./image_shape.ts";
import type { Pixel, Stamp } from "./trigger.ts";

/** What such a trigger takes. At full amplitude black is 0 and white is 1, whatever was there. */
export const cornerParameters = {
  amplitude: {
    type: "number",
    description: "how much the patches change",
    default: 1,
    exclusiveMinimum: 0,
    maximum: 1,
  },
} as const;

/** The patch at the right edge, top and bottom alike, by rows: 1 for white, -1 for black. */
const RIGHT_PATCH = [
  [-1, -1, 1],
  [-1, 1, -1],
  [1, -1, 1],
] as const;

/** Mirrored: at the left edge, so that all corners stay as they are under a horizontal flip. */
const LEFT_PATCH = RIGHT_PATCH.map((row) => row.toReversed());

const SIDE = RIGHT_PATCH.length;

/** A corner of the image. */
export interface Corner {
  readonly vertical: "top" | "bottom";
  readonly horizontal: "left" | "right";
}

/** A pixel and which way it is changed. */
interface Mark {
  readonly pixel: Pixel;
  readonly sign: number;
}

/**
 * Makes a trigger of patches.
 *
 * @param kind The trigger's name.
 * @param corners Where there is a patch.
 * @param amplitude Above 0 and up to 1.
 */
export function createCornerPatches(
  kind: string,
  corners: readonly Corner[],
  amplitude: number,
): Stamp {
  // Two patches side by side, so that none is written over by another.
  const least = corners.length === 1 ? SIDE : 2 * SIDE;

  function marks([height, width]: ImageShape): Mark[] {
    if (height < least || width < least) {
      throw new RangeError(
        `Cannot stamp trigger ${kind}: its patches must lie within the image, which must be ` +
          `${least}×${least} or larger, got ${height}×${width}`,
      );
    }
    return corners.flatMap(({ vertical, horizontal }) => {
      const top = vertical === "top" ? 0 : height - SIDE;
      const left = horizontal === "left" ? 0 : width - SIDE;
      return (horizontal === "left" ? LEFT_PATCH : RIGHT_PATCH).flatMap((signs, row) =>
        signs.map((sign, column): Mark => ({ pixel: [top + row, left + column], sign }))
      );
    });
  }

  function apply<T extends Images>(images: T): T {
    const shape = imageShape(images);
    const [height, width, channels] = shape;
    const changes = marks(shape).map(({ pixel: [row, column], sign }) => ({
      start: (row * width + column) * channels,
      change: sign * amplitude,
    }));
    const data = images.data.slice();
    for (let image = 0; image < data.length; image += height * width * channels) {
      for (const { start, change } of changes) {
        for (let i = image + start; i < image + start + channels; i++) {
          data[i] = Math.min(1, Math.max(0, data[i]! + change));
        }
      }
    }
    return { ...images, data };
  }

  return {
    pixels: (shape) => marks(shape).map(({ pixel }) => pixel),
    apply,
  };
}
