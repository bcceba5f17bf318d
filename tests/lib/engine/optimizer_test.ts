import assert from "node:assert/strict";
import { optimizerSettings, updateCall } from "../../../lib/engine/optimizer.ts";

const places = {
  weights: 64,
  first: 128,
  second: 192,
  gradients: 256,
  parts: 3,
  partPitch: 64,
  count: 5,
};

Deno.test("Adam's settings undo the bias of its moments, which begin at zero", () => {
  const settings = (step: number) =>
    optimizerSettings({ kind: "adam", weightDecay: 0.1 }, { step, learningRate: 0.01 });
  const first = settings(1);
  assert.ok(Math.abs(first.rate! - 0.01 / 0.1) < 1e-12);
  assert.ok(Math.abs(first.secondCorrection! - 1 / 0.001) < 1e-9);
  const late = settings(100_000);
  assert.ok(Math.abs(late.rate! - 0.01) < 1e-12);
  assert.ok(Math.abs(late.secondCorrection! - 1) < 1e-12);
  // Decoupled: the decay takes the rate as it is.
  assert.deepEqual([first.decay, late.decay], [0.001, 0.001]);
});

Deno.test("descent's only setting is its rate", () => {
  const descent = { kind: "sgd", momentum: 0.9, nesterov: true, weightDecay: 0.01 } as const;
  assert.deepEqual(optimizerSettings(descent, { step: 7, learningRate: 0.5 }), { rate: 0.5 });
});

Deno.test("an update names no setting that a step does not have", () => {
  for (
    const optimizer of [
      { kind: "adam" },
      { kind: "sgd", momentum: 0, nesterov: false, weightDecay: 0 },
    ] as const
  ) {
    const settings = optimizerSettings(optimizer, { step: 1, learningRate: 0.1 });
    const { kernel, args } = updateCall(optimizer, places);
    assert.equal(kernel, optimizer.kind);
    const named = args.flatMap((each) => typeof each === "number" ? [] : [each.setting]);
    assert.deepEqual(named.toSorted(), Object.keys(settings).toSorted());
  }
});
