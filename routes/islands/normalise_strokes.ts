/**
 * Brings a drawing to the place and size that MNIST's digits have.
 *
 * @module
 */

import type { Point, Stroke } from "./stroke.ts";

/** Width and height of an MNIST image, pixels. */
export const IMAGE_SIZE = 28;

/** Side of the square that MNIST's digits were scaled to fit, pixels. */
export const BOX_SIZE = 20;

/** Width of the pen on the 28×28 image, pixels; about that of MNIST's strokes. */
export const PEN_WIDTH = 2.4;

/**
 * A drawing smaller than this share of the pad is a dot or a slip: it is not blown up to 20 pixels.
 */
const SMALLEST_EXTENT = 0.15;

/**
 * Scales a drawing, pen width included, to fit a 20×20 box and puts its centre of mass in the
 * middle of a 28×28 image, as was done to MNIST's digits (LeCun et al. 1998, section III.A). Lines
 * are moved, not pixels, so the pen is equally wide however small the drawing was. The drawing is
 * never moved out of the image: where its mass lies far to one side, the box wins.
 *
 * @param strokes In units of the pad, 0–1 in x and y.
 * @returns The same strokes in pixels of the 28×28 image; none for an empty drawing.
 *
 * @example
 * ```ts
 * import { normaliseStrokes } from "./normalise_strokes.ts";
 * import assert from "node:assert/strict";
 *
 * const [line] = normaliseStrokes([[{ x: 0.1, y: 0.1 }, { x: 0.1, y: 0.4 }]]);
 * assert.equal(line?.[0]?.x, 14);
 * assert.ok(Math.abs((line?.[1]?.y ?? 0) - (line?.[0]?.y ?? 0) - 17.6) < 1e-9);
 * ```
 */
export function normaliseStrokes(strokes: readonly Stroke[]): Stroke[] {
  const points = strokes.flat();
  if (points.length === 0) return [];
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const left = Math.min(...xs);
  const right = Math.max(...xs);
  const top = Math.min(...ys);
  const bottom = Math.max(...ys);
  const extent = Math.max(right - left, bottom - top, SMALLEST_EXTENT);
  const scale = (BOX_SIZE - PEN_WIDTH) / extent;
  const mass = centreOfMass(strokes);
  const x = shift(mass.x, left, right, scale);
  const y = shift(mass.y, top, bottom, scale);
  return strokes.map((stroke) =>
    stroke.map((point) => ({ x: point.x * scale + x, y: point.y * scale + y }))
  );
}

/** What to add to a scaled coordinate to centre the mass while the ink stays within the image. */
function shift(mass: number, lowest: number, highest: number, scale: number): number {
  const wanted = IMAGE_SIZE / 2 - mass * scale;
  const least = PEN_WIDTH / 2 - lowest * scale;
  const most = IMAGE_SIZE - PEN_WIDTH / 2 - highest * scale;
  return Math.min(Math.max(wanted, least), most);
}

/** The middle of the lines, each weighted with its length; of the points where all are dots. */
function centreOfMass(strokes: readonly Stroke[]): Point {
  let x = 0;
  let y = 0;
  let total = 0;
  for (const stroke of strokes) {
    stroke.forEach((point, i) => {
      const before = stroke[i - 1] ?? point;
      // A dot has no length but ink: it weighs little, and never nothing.
      const weight = Math.hypot(point.x - before.x, point.y - before.y) + 1e-6;
      x += weight * (point.x + before.x) / 2;
      y += weight * (point.y + before.y) / 2;
      total += weight;
    });
  }
  return { x: x / total, y: y / total };
}
