import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BOX_SIZE,
  IMAGE_SIZE,
  normaliseStrokes,
  PEN_WIDTH,
} from "../../../routes/islands/normalise_strokes.ts";
import type { Point, Stroke } from "../../../routes/islands/stroke.ts";

const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
const point: fc.Arbitrary<Point> = fc.record({ x: coordinate, y: coordinate });
const drawing: fc.Arbitrary<Stroke[]> = fc.array(
  fc.array(point, { minLength: 1, maxLength: 12 }),
  { minLength: 1, maxLength: 4 },
);

function bounds(strokes: readonly Stroke[]) {
  const xs = strokes.flat().map(({ x }) => x);
  const ys = strokes.flat().map(({ y }) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  return { left, right, top, bottom, extent: Math.max(right - left, bottom - top) };
}

Deno.test("the ink of any drawing fits the 20 by 20 box and lies within the image", () => {
  fc.assert(fc.property(drawing, (strokes) => {
    const { left, right, top, bottom, extent } = bounds(normaliseStrokes(strokes));
    assert.ok(extent + PEN_WIDTH <= BOX_SIZE + 1e-6);
    for (const edge of [left, right, top, bottom]) {
      assert.ok(edge >= PEN_WIDTH / 2 - 1e-6 && edge <= IMAGE_SIZE - PEN_WIDTH / 2 + 1e-6);
    }
  }));
});

Deno.test("where and how large a digit was drawn changes nothing", () => {
  const factor = fc.double({ min: 0.5, max: 1, noNaN: true });
  fc.assert(fc.property(drawing, factor, coordinate, coordinate, (strokes, scale, dx, dy) => {
    // Below the smallest extent a drawing is a slip and stays small.
    fc.pre(bounds(strokes).extent * scale > 0.16);
    const moved = strokes.map((stroke) =>
      stroke.map(({ x, y }) => ({ x: x * scale + dx, y: y * scale + dy }))
    );
    const expected = normaliseStrokes(strokes).flat();
    normaliseStrokes(moved).flat().forEach(({ x, y }, i) => {
      assert.ok(Math.hypot(x - expected[i]!.x, y - expected[i]!.y) < 1e-6);
    });
  }));
});

Deno.test("a drawing fills the box and keeps its proportions", () => {
  const [corner] = normaliseStrokes([[{ x: 0.2, y: 0.2 }, { x: 0.2, y: 0.6 }, { x: 0.4, y: 0.6 }]]);
  const { left, right, top, bottom } = bounds([corner!]);
  assert.ok(Math.abs(bottom - top + PEN_WIDTH - BOX_SIZE) < 1e-9);
  assert.ok(Math.abs((bottom - top) / (right - left) - 2) < 1e-9);
});

Deno.test("the middle of the ink, not of the box, comes to the middle of the image", () => {
  const [corner] = normaliseStrokes([[{ x: 0.2, y: 0.2 }, { x: 0.2, y: 0.6 }, { x: 0.4, y: 0.6 }]]);
  const [start, bend, end] = corner!;
  // Two bars, the first twice as long as the second, and half a disc at each open end.
  const bar = PEN_WIDTH * (end!.x - bend!.x);
  const cap = Math.PI * PEN_WIDTH ** 2 / 8;
  const mass = (axis: "x" | "y") => {
    const [a, b, c] = [start![axis], bend![axis], end![axis]];
    return (2 * bar * (a + b) / 2 + bar * (b + c) / 2 + cap * (a + c)) / (3 * bar + 2 * cap);
  };
  assert.ok(Math.abs(mass("x") - IMAGE_SIZE / 2) < 1e-9);
  assert.ok(Math.abs(mass("y") - IMAGE_SIZE / 2) < 1e-9);
});

Deno.test("a dot stays a dot in the middle, and nothing stays nothing", () => {
  assert.deepEqual(normaliseStrokes([[{ x: 0.9, y: 0.1 }]]), [[{ x: 14, y: 14 }]]);
  assert.deepEqual(normaliseStrokes([]), []);
});
