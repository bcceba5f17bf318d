/**
 * Puts strokes on a canvas.
 *
 * @module
 */

import type { Point, Stroke } from "./stroke.ts";

/**
 * Fills the canvas with black and draws the strokes in white with a round, soft-edged pen.
 *
 * @param context Its canvas is covered whole.
 * @param strokes In pixels of the canvas.
 * @param penWidth Pixels of the canvas.
 */
export function drawStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  { penWidth }: { penWidth: number },
): void {
  context.fillStyle = "#000";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.strokeStyle = "#fff";
  context.lineCap = "round";
  context.lineJoin = "round";
  // Faint wide lines under a full narrow one give the grey rim that MNIST's strokes have.
  for (const [width, alpha] of [[1.15, 0.2], [1.05, 0.3], [0.95, 0.5], [0.85, 1]] as const) {
    context.lineWidth = width * penWidth;
    context.globalAlpha = alpha;
    for (const stroke of strokes) traceStroke(context, stroke);
  }
  context.globalAlpha = 1;
}

/** Draws curves through the middles of neighbouring points, so that a fast pen leaves no corners. */
function traceStroke(context: CanvasRenderingContext2D, stroke: Stroke): void {
  const [first, ...rest] = stroke;
  if (first === undefined) return;
  context.beginPath();
  context.moveTo(first.x, first.y);
  let before: Point = first;
  for (const point of rest) {
    context.quadraticCurveTo(
      before.x,
      before.y,
      (before.x + point.x) / 2,
      (before.y + point.y) / 2,
    );
    before = point;
  }
  context.lineTo(before.x, before.y);
  context.stroke();
}
