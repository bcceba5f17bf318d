/** Projected gradient descent against ART's, step by step. */

import assert from "node:assert/strict";
import type { Norm } from "../../lib/perturb/mod.ts";
import { ascend } from "../../lib/perturb/pgd.ts";
import { readCases, type StoredArray, toImages } from "./vectors.ts";

interface PgdCase {
  readonly norm: Norm;
  readonly eps: number;
  readonly epsStep: number;
  readonly steps: number;
  readonly images: StoredArray;
  readonly start: StoredArray | null;
  readonly gradients: StoredArray;
  readonly expected: StoredArray;
}

for (const each of await readCases<PgdCase>("pgd")) {
  const { norm, eps, epsStep, steps, start } = each;
  const from = start === null ? "the images" : "a random start";
  Deno.test(`ART's PGD: norm ${norm}, eps ${eps}, ${steps} steps of ${epsStep} from ${from}`, async () => {
    const images = toImages(each.images);
    const size = images.data.length;
    let step = 0;
    const moved = await ascend(start === null ? images : toImages(start), images, {
      ...{ norm, eps, epsStep, steps },
      labels: new Uint8Array(images.shape[0]),
      gradient() {
        const gradient = each.gradients.data.slice(step * size, ++step * size);
        return Promise.resolve(Float32Array.from(gradient));
      },
    });
    assert.equal(step, steps);
    moved.data.forEach((value, i) =>
      assert.ok(Math.abs(value - each.expected.data[i]!) <= 1e-6, `${i}: ${value}`)
    );
  });
}
