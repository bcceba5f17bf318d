/**
 * Times the networks as they are used without training: classification, and the gradient to the
 * images that attacks on images follow; seconds a call.
 *
 * @module
 */

import * as tf from "../../../lib/core/tfjs.ts";
import { createModel, predict } from "../../../lib/model/mod.ts";
import { startBackend, startEngine } from "../../../lib/job/backend.ts";
import { caseName } from "../cases/kernel_case.ts";
import { type NetworkCase, networkCases } from "../cases/network_cases.ts";
import { commandRuntime } from "../../cli/runtime.ts";
import { answer, programOptions } from "../program.ts";
import { timeCalls } from "../time_calls.ts";
import type { TimingOptions } from "./kernels.ts";

const { images, seconds, only = "" } = programOptions<TimingOptions>();
await startBackend(commandRuntime());
const figures: Record<string, number> = {};
for (const networkCase of networkCases(images)) {
  const name = caseName(networkCase);
  if (!name.includes(only)) continue;
  const { call, dispose } = await prepare(networkCase);
  figures[name] = await timeCalls(call, seconds);
  dispose();
}
answer(figures);

async function prepare({ network, kernel, input, images }: NetworkCase) {
  const model = createModel(network, { input, classes: 10, seed: 1 });
  const shape = [images, ...input] as const;
  const x = tf.randomUniform<tf.Rank.R4>([...shape], 0, 1, "float32", 1);
  const batch = { data: x.dataSync<"float32">(), shape };
  const dispose = () => {
    x.dispose();
    model.dispose();
  };
  switch (kernel) {
    case "predict":
      return { call: () => predict(model, batch, { chunkSize: images }), dispose };
    case "classify": {
      const engine = await startEngine(model, commandRuntime(), { batchSize: images });
      return {
        call: () => engine.classify(batch),
        dispose() {
          engine.dispose();
          dispose();
        },
      };
    }
    case "gradient to the images": {
      const gradient = tf.grad((x) => lossOf(model.apply(x, { training: false }) as tf.Tensor));
      return { call: () => tf.dispose(tf.tidy(() => gradient(x))), dispose };
    }
  }
}

/** Σ −ln p(class 0), whichever class an image is of: time does not depend on it. */
function lossOf(probabilities: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.log(tf.add(tf.slice(probabilities, [0, 0], [-1, 1]), 1e-7))));
}
