import assert from "node:assert/strict";
import fc from "fast-check";
import {
  argumentsOf,
  resolveNamedJob,
  spellFlag,
  type TrainRequest,
} from "../../../lib/job/mod.ts";
import { isModelName } from "../../../lib/registry/mod.ts";

const nameOf = (request: TrainRequest) => resolveNamedJob(request, { workers: 2 }).name;

const names: readonly [request: TrainRequest, name: string][] = [
  [{}, "mnist-article-single-target-pattern"],
  [{ attack: "none" }, "mnist-article-clean"],
  [{ attack: "all-to-all", poisonRate: 0.33 }, "mnist-article-all-to-all-pattern-poisonrate-0.33"],
  [
    { model: "badnets", trigger: "pixel", source: 7, target: 2, seed: 3 },
    "mnist-badnets-single-target-pixel-source-7-target-2-seed-3",
  ],
  [
    { attack: "clean-label", withoutReplacement: true, target: 3 },
    "mnist-article-clean-label-pattern-target-3-withoutreplacement",
  ],
  [{ trigger: "pixel,corner" }, "mnist-article-single-target-pixel-corner"],
  [
    { trigger: "corners", triggerNumbers: { amplitude: 0.25 } },
    "mnist-article-single-target-corners-amplitude-0.25",
  ],
  [{ triggerName: "image-my-smile" }, "mnist-article-single-target-image-my-smile"],
  [{ name: "mine", seed: 2 }, "mine"],
  [{ workers: 1 }, "mnist-article-single-target-pattern"],
];
for (const [request, name] of names) {
  Deno.test(`${JSON.stringify(request)} is named ${name}`, () => {
    assert.equal(nameOf(request), name);
  });
}

Deno.test("a name that would be long ends in a digest of what it leaves out", () => {
  const request: TrainRequest = {
    ...{ attack: "clean-label", norm: "inf", eps: 0.3, epsStep: 0.05, steps: 30, target: 3 },
    ...{ recipe: "article", epochs: 10, batchSize: 256, seed: 4_294_967_295, limit: 60_000 },
  };
  const name = nameOf(request);
  assert.match(name, /^mnist-article-clean-label-pattern-[0-9a-f]{8}$/);
  assert.equal(nameOf({ ...request }), name);
  assert.notEqual(nameOf({ ...request, steps: 31 }), name);
});

Deno.test("a name that the store does not take is refused", () => {
  assert.throws(() => nameOf({ name: "../secret" }), {
    name: "UsageError",
    message: /^Cannot name a model: its name must be 1–100 of/,
  });
});

/** A field's value, or that it was not given. */
function maybe<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(values, { nil: undefined });
}

const telling = fc.record({
  dataset: fc.constantFrom("mnist", "fashion-mnist"),
  model: fc.constantFrom("article", "badnets"),
  trigger: fc.constantFrom("pixel", "pattern"),
  source: maybe(fc.integer({ min: 1, max: 9 })),
  poisonRate: maybe(fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100)),
  epochs: maybe(fc.integer({ min: 1, max: 99 })),
  seed: maybe(fc.nat(99)),
});

Deno.test("names made from requests can name a model, and other requests make another name", () =>
  fc.assert(fc.property(telling, telling, (request, others) => {
    const name = nameOf(request);
    assert.ok(isModelName(name), name);
    assert.ok(name.length <= 64, name);
    const isSame = JSON.stringify(request) === JSON.stringify(others);
    assert.equal(nameOf(others) === name, isSame);
  })));

Deno.test("requests are spelled as arguments", () => {
  assert.equal(spellFlag("poisonRate"), "--poison-rate");
  assert.deepEqual(argumentsOf({ withoutReplacement: true }), ["--without-replacement"]);
  assert.deepEqual(argumentsOf({ seed: undefined }), []);
  assert.deepEqual(argumentsOf({ attack: "all-to-all", poisonRate: 0.33 }), [
    ...["--attack", "all-to-all"],
    ...["--poison-rate", "0.33"],
  ]);
  assert.deepEqual(
    argumentsOf({ triggerNumbers: { amplitude: 0.5 }, attackNumbers: { cover: 2 } }),
    [
      ...["--trigger-amplitude", "0.5"],
      ...["--cover", "2"],
    ],
  );
  const trigger = { kind: "pixel", distance: 2, value: 1 };
  assert.throws(() => argumentsOf({ trigger }), /trigger as an argument/);
});
