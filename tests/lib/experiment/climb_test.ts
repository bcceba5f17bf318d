import assert from "node:assert/strict";
import { climb } from "../../../lib/experiment/climb.ts";

/** Climbs over given scores. */
async function climbOver(scores: readonly number[], enough: number) {
  const dropped: number[] = [];
  const result = await climb(scores.length, {
    attempt: (index) => Promise.resolve(index),
    score: (index) => scores[index]!,
    enough,
    drop: (index) => dropped.push(index),
  });
  return { ...result, dropped };
}

const cases: readonly [
  name: string,
  scores: readonly number[],
  attempts: number,
  taken: number,
  converged: boolean,
  dropped: readonly number[],
][] = [
  ["the first is good enough", [0.99, 1], 1, 0, true, []],
  ["the third is", [0.1, 0.5, 1, 1], 3, 2, true, [0, 1]],
  ["none is: the best is taken", [0.1, 0.5, 0.3], 3, 1, false, [0, 2]],
  ["of equal ones the first", [0.5, 0.5], 2, 0, false, [1]],
  ["the only one is not", [0], 1, 0, false, []],
];
for (const [name, scores, attempts, taken, converged, dropped] of cases) {
  Deno.test(`a ladder where ${name}`, async () => {
    const result = await climbOver(scores, 0.99);
    assert.deepEqual(
      [result.attempts.length, result.taken, result.converged, result.dropped],
      [attempts, taken, converged, dropped],
    );
  });
}
