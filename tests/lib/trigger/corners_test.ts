import assert from "node:assert/strict";
import { corner } from "../../../lib/trigger/corner.ts";
import { corners } from "../../../lib/trigger/corners.ts";

/** Which way each pixel of a 6×6 image goes, as the clean-label paper's authors have it. */
const CORNERS = [
  [1, -1, -1, -1, -1, 1],
  [-1, 1, -1, -1, 1, -1],
  [1, -1, 1, 1, -1, 1],
  [1, -1, -1, -1, -1, 1],
  [-1, 1, -1, -1, 1, -1],
  [1, -1, 1, 1, -1, 1],
].flat();

const grey = { data: new Float32Array(36).fill(0.5), shape: [6, 6, 1] } as const;

Deno.test("full amplitude writes black and white", () => {
  assert.deepEqual(
    [...corners.create().apply(grey).data],
    CORNERS.map((sign) => sign > 0 ? 1 : 0),
  );
});

Deno.test("a reduced amplitude is added or taken away, in all channels", () => {
  assert.deepEqual(
    [...corners.create({ amplitude: 0.25 }).apply(grey).data],
    CORNERS.map((sign) => 0.5 + 0.25 * sign),
  );
  const colour = { data: new Float32Array(27).fill(0.5), shape: [3, 3, 3] } as const;
  const { data } = corner.create({ amplitude: 0.25 }).apply(colour);
  assert.deepEqual([...data.subarray(0, 3)], [0.25, 0.25, 0.25]);
});

Deno.test("what a reduced amplitude would take beyond 0 or 1 is clipped", () => {
  const { data } = corner.create({ amplitude: 0.75 }).apply(grey);
  assert.deepEqual([...data.subarray(33)], [1, 0, 1]);
});

Deno.test("one corner is the last of the four", () => {
  const { data } = corner.create().apply(grey);
  const inCorner = (i: number) => i >= 18 && i % 6 >= 3;
  assert.deepEqual(
    [...data],
    CORNERS.map((sign, i) => inCorner(i) ? (sign > 0 ? 1 : 0) : 0.5),
  );
});
