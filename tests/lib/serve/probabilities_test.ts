import assert from "node:assert/strict";
import { probabilityProblem } from "../../../lib/serve/probabilities.ts";

const cases: readonly [values: readonly number[], classes: number, problem: RegExp | null][] = [
  [[], 3, null],
  [[0.2, 0.3, 0.5], 3, null],
  [[0, 1, 1, 0], 2, null],
  [[0.2, 0.3, 0.5005], 3, null],
  [[0.2, 0.3, 0.6], 3, /sum 1\.1;/],
  [[0.5, 0.5, 1.5, -0.5], 2, /got -0\.5 to 1\.5 with the sum 1;/],
  [[0.5, 0.5, NaN, 1], 2, /no number/],
  [[Infinity, 0], 2, /got 0 to Infinity/],
];
for (const [values, classes, problem] of cases) {
  Deno.test(`[${values}] of ${classes} classes ${problem ? "is no probabilities" : "is served"}`, () => {
    const found = probabilityProblem(new Float32Array(values), classes);
    if (problem === null) assert.equal(found, null);
    else assert.match(found ?? "", problem);
  });
}

Deno.test("the probabilities of a thousand equal classes are probabilities", () => {
  assert.equal(probabilityProblem(new Float32Array(1000).fill(1 / 1000), 1000), null);
});
