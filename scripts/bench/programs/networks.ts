/**
 * Times the networks as they are used without training: classification, and the gradient to the
 * images that attacks on images follow; seconds a call.
 *
 * @module
 */

import * as tf from "../../../lib/core/tfjs.ts";
import { createModel, predict } from "../../../lib/model/mod.ts";
import { startBackend } from "../../backend.ts";
import { caseName } from "../cases/kernel_case.ts";
import { type NetworkCase, networkCases } from "../cases/network_cases.ts";
import { answer, programOptions } from "../program.ts";
import { timeCalls } from "../time_calls.ts";
import type { TimingOptions } from "./kernels.ts";

const { images, seconds, only = "" } = programOptions<TimingOptions>();
await startBackend();
const figures: Record<string, number> = {};
for (const networkCase of networkCases(images)) {
  const name = caseName(networkCase);
  if (name.includes(only)) figures[name] = await timeCalls(prepare(networkCase), seconds);
}
answer(figures);

function prepare({ network, kernel, input, images }: NetworkCase): () => Promise<unknown> | void {
  const model = createModel(network, { input, classes: 10, seed: 1 });
  const shape = [images, ...input] as const;
  const x = tf.randomUniform<tf.Rank.R4>([...shape], 0, 1, "float32", 1);
  if (kernel === "classify") {
    const data = x.dataSync<"float32">();
    return () => predict(model, { data, shape }, { chunkSize: images });
  }
  // Of −ln p(class 0), whichever class an image is of: time does not depend on it.
  const loss = (x: tf.Tensor) => {
    const probabilities = model.apply(x, { training: false }) as tf.Tensor;
    return tf.neg(tf.sum(tf.log(tf.add(tf.slice(probabilities, [0, 0], [-1, 1]), 1e-7))));
  };
  const gradient = tf.grad(loss);
  return () => tf.dispose(tf.tidy(() => gradient(x)));
}
