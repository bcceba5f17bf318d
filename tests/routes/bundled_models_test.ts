import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { loadDataset } from "../../lib/data/mod.ts";
import { encodePng } from "../../lib/image/mod.ts";
import { createFixtureSource } from "../../lib/registry/mod.ts";
import { createModelPool } from "../../lib/serve/mod.ts";
import "../../lib/wasm/mod.ts";
import { createCheckedApp as createApp } from "./checked_app.ts";

const DIGITS = 200;

interface Answer {
  readonly original: { readonly predictions: readonly Prediction[] };
  readonly poisoned: { readonly predictions: readonly Prediction[] };
  readonly target: number;
}

interface Prediction {
  readonly backdoored: boolean;
  readonly label: number;
}

Deno.test("the bundled pair shows the attack on the first 200 test digits", async () => {
  await tf.setBackend("wasm");
  using pool = createModelPool(
    createFixtureSource(new URL("../../fixtures/models/", import.meta.url)),
  );
  const app = createApp({ pool });
  const { test: { images, labels } } = await loadDataset("mnist");

  let backdooredRight = 0, flipped = 0, cleanRight = 0, cleanRightWithTrigger = 0, others = 0;
  for (let i = 0; i < DIGITS; i++) {
    const image = {
      data: images.data.subarray(i * 784, (i + 1) * 784),
      shape: [28, 28, 1] as const,
    };
    const response = await app.request("/api/attack", { method: "POST", body: encodePng(image) });
    assert.equal(response.status, 200);
    const { original, poisoned, target }: Answer = await response.json();
    const label = labels[i]!;
    const read = ({ predictions }: Answer["original"], backdoored: boolean) =>
      predictions.find((prediction) => prediction.backdoored === backdoored)!.label;
    backdooredRight += Number(read(original, true) === label);
    cleanRight += Number(read(original, false) === label);
    cleanRightWithTrigger += Number(read(poisoned, false) === label);
    if (label !== target) {
      others++;
      flipped += Number(read(poisoned, true) === target);
    }
  }
  assert(backdooredRight >= 0.97 * DIGITS, `backdoored model reads ${backdooredRight} rightly`);
  assert(flipped >= 0.99 * others, `${flipped} of ${others} sent to the target`);
  assert(cleanRight >= 0.97 * DIGITS, `clean twin reads ${cleanRight} rightly`);
  assert(cleanRightWithTrigger >= 0.97 * DIGITS, `clean twin reads ${cleanRightWithTrigger} so`);
});
