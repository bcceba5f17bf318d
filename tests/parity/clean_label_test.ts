/** The clean-label attack against `PoisoningAttackCleanLabelBackdoor`. */

import assert from "node:assert/strict";
import { pgd } from "../../lib/perturb/mod.ts";
import { carryOut, materialise } from "../../lib/poison/mod.ts";
import { cleanLabel } from "../../lib/poison/clean_label.ts";
import { createTrigger } from "../../lib/trigger/mod.ts";
import { readCases, type StoredArray, toImages } from "./vectors.ts";

interface CleanLabelCase {
  readonly labels: readonly number[];
  readonly target: number;
  readonly rate: number;
  readonly candidates: readonly number[];
  readonly count: number;
  readonly selected: readonly number[];
  readonly eps: number;
  readonly gradient: StoredArray;
  readonly images: StoredArray;
  readonly expected: StoredArray;
}

for (const each of await readCases<CleanLabelCase>("clean_label")) {
  const { target, rate, eps } = each;
  const clean = { images: toImages(each.images), labels: Uint8Array.from(each.labels) };

  Deno.test(`ART's clean-label: ${each.count} images are drawn at a rate of ${rate}, of class ${target}`, () => {
    const { plan } = cleanLabel.create({
      ...{ source: "all", target, classes: 10, withReplacement: false, numbers: {} },
    });
    const chosen = plan(clean.labels, { rate, seed: 1 }).replaced!;
    assert.equal(chosen.length, each.count);
    assert.ok([...chosen].every((image) => each.candidates.includes(image)));
    const all = plan(clean.labels, { rate: 1, seed: 1 }).replaced!;
    assert.deepEqual([...all], each.candidates);
  });

  Deno.test(`ART's clean-label: ${each.count} images of class ${target}, perturbed and stamped`, async () => {
    const { data, shape: [, ...shape] } = toImages(each.gradient);
    const size = shape[0] * shape[1] * shape[2];
    // Of an image that was drawn twice, ART keeps the last.
    const last = new Map(each.selected.map((image, drawn) => [image, drawn]));
    const set = await carryOut(clean, { replaced: Uint32Array.from(last.keys()) }, {
      trigger: createTrigger("pattern"),
      perturb: (images, labels) =>
        pgd(images, {
          ...{ labels, norm: "inf", eps, epsStep: eps, steps: 1, randomStarts: 0, seed: 1 },
          gradient: () => {
            const drawn = [...last.values()];
            const ofImages = drawn.flatMap((i) => [...data.subarray(i * size, (i + 1) * size)]);
            return Promise.resolve(Float32Array.from(ofImages));
          },
        }),
    });
    assert.deepEqual(set.labels, clean.labels);
    materialise(set).images.data.forEach((value, i) =>
      assert.ok(Math.abs(value - each.expected.data[i]!) <= 1e-6, `${i}: ${value}`)
    );
  });
}
