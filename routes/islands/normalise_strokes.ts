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
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const scale = (BOX_SIZE - PEN_WIDTH) / Math.max(right - left, bottom - top, SMALLEST_EXTENT);
  // From the corner of the drawing, in pixels of the image.
  const scaled = strokes.map((stroke) =>
    stroke.map(({ x, y }) => ({ x: (x - left) * scale, y: (y - top) * scale }))
  );
  const mass = centreOfMass(scaled);
  const dx = offset(mass.x, (right - left) * scale);
  const dy = offset(mass.y, (bottom - top) * scale);
  return scaled.map((stroke) => stroke.map(({ x, y }) => ({ x: x + dx, y: y + dy })));
}

/** Where a drawing of this extent must begin for its mass to be central and its ink inside. */
function offset(mass: number, extent: number): number {
  const wanted = IMAGE_SIZE / 2 - mass;
  return Math.min(Math.max(wanted, PEN_WIDTH / 2), IMAGE_SIZE - PEN_WIDTH / 2 - extent);
}

/** The middle of the ink: lines weigh their length times the pen's width, round ends their area. */
function centreOfMass(strokes: readonly Stroke[]): Point {
  const end = Math.PI * PEN_WIDTH ** 2 / 8;
  let [x, y, total] = [0, 0, 0];
  const add = (from: Point, to: Point, weight: number) => {
    x += weight * (from.x + to.x) / 2;
    y += weight * (from.y + to.y) / 2;
    total += weight;
  };
  for (const stroke of strokes) {
    stroke.forEach((point, i) => {
      const before = stroke[i - 1];
      const after = stroke[i + 1];
      if (before) {
        add(before, point, PEN_WIDTH * Math.hypot(point.x - before.x, point.y - before.y));
      }
      if (!before) add(point, point, end);
      if (!after) add(point, point, end);
    });
  }
  return { x: x / total, y: y / total };
}
