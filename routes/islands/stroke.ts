/**
 * A drawing as the pen made it: lines, not pixels, so that it can be drawn again at any size.
 *
 * @module
 */

/** A place on the drawing; x to the right, y down. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One line, from pen down to pen up; a dot is a line of one point. */
export type Stroke = readonly Point[];
