import assert from "node:assert/strict";
import { subjectOf } from "../../../routes/islands/subject.ts";
import { tellManifest } from "../../../lib/registry/signature.ts";
import { fakeManifest } from "../fake_pool.ts";

const of = (dataset: string | null, input: readonly [number, number, number] = [28, 28, 1]) =>
  subjectOf(tellManifest(fakeManifest("model", { dataset, input })));

Deno.test("digits are drawn and have samples, also before the models are known", () => {
  const { one, isDrawn, hasSamples } = of("mnist");
  assert.deepEqual([one, isDrawn, hasSamples], ["digit", true, true]);
  assert.deepEqual(subjectOf(undefined), of("mnist"));
});

Deno.test("photographs of clothes and objects are uploaded, by their own names", () => {
  for (const [dataset, one] of [["fashion-mnist", "piece of clothing"], ["cifar10", "object"]]) {
    const subject = of(dataset!);
    assert.equal(subject.one, one);
    assert.deepEqual([subject.isDrawn, subject.hasSamples], [false, false]);
  }
});

Deno.test("of other data sets nothing is claimed but that strokes are grey", () => {
  for (const dataset of ["folder", null]) {
    assert.equal(of(dataset).one, "image");
    assert.equal(of(dataset).hasSamples, false);
    assert.equal(of(dataset).isDrawn, true);
    assert.equal(of(dataset, [32, 32, 3]).isDrawn, false);
  }
});
