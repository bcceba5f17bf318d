/**
 * The square to draw on.
 *
 * @module
 */

import { contextOf, toBlob } from "./canvas.ts";
import { drawStrokes } from "./draw_strokes.ts";
import { IMAGE_SIZE, normaliseStrokes, PEN_WIDTH } from "./normalise_strokes.ts";
import type { Point } from "./stroke.ts";

/** Width of the pen as a share of the pad: a digit that fills the pad has MNIST's proportions. */
const PAD_PEN_WIDTH = 0.08;

/** What the page does with a pad. */
export interface DrawingPad {
  /** Takes the last stroke back. */
  undo(): void;
  /** Takes all strokes back. */
  clear(): void;
  /** Whether there is no stroke. */
  isEmpty(): boolean;
  /** The drawing as a 28×28 PNG, white on black, in the place and size of MNIST's digits. */
  toPng(): Promise<Blob>;
}

/** Whom a pad tells of the pen. */
export interface DrawingPadListeners {
  /** The pen touches the pad. */
  readonly onPenDown: () => void;
  /** A stroke is finished. */
  readonly onPenUp: () => void;
}

/**
 * Lets people draw on a canvas with mouse, pen or finger.
 *
 * @param canvas A square; its own pixels are used, whatever its size on the page.
 */
export function createDrawingPad(
  canvas: HTMLCanvasElement,
  { onPenDown, onPenUp }: DrawingPadListeners,
): DrawingPad {
  const context = contextOf(canvas);
  let strokes: Point[][] = [];
  let drawing: Point[] | null = null;
  let frame = 0;

  const redraw = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const size = canvas.width;
      const scaled = strokes.map((stroke) =>
        stroke.map(({ x, y }) => ({ x: x * size, y: y * size }))
      );
      drawStrokes(context, scaled, { penWidth: PAD_PEN_WIDTH * size });
    });
  };
  const replace = (next: Point[][]) => {
    strokes = next;
    redraw();
  };
  const position = (event: PointerEvent): Point => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    canvas.setPointerCapture(event.pointerId);
    drawing = [position(event)];
    strokes.push(drawing);
    redraw();
    onPenDown();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (drawing === null || !event.isPrimary) return;
    // Browsers merge moves between two frames; the merged ones are what makes a curve round.
    const moves = event.getCoalescedEvents?.() ?? [];
    drawing.push(...(moves.length > 0 ? moves : [event]).map(position));
    redraw();
  });
  for (const end of ["pointerup", "pointercancel"] as const) {
    canvas.addEventListener(end, () => {
      if (drawing === null) return;
      drawing = null;
      onPenUp();
    });
  }
  redraw();

  return {
    undo: () => replace(strokes.slice(0, -1)),
    clear: () => replace([]),
    isEmpty: () => strokes.length === 0,
    toPng() {
      const image = document.createElement("canvas");
      image.width = image.height = IMAGE_SIZE;
      drawStrokes(contextOf(image), normaliseStrokes(strokes), { penWidth: PEN_WIDTH });
      return toBlob(image, "image/png");
    },
  };
}
