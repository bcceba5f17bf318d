/// <reference lib="deno.worker" />
/** Runs a case on tfjs's wasm backend as it is, without the training kernels. */

import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { stockCases } from "./stock_cases.ts";

/** What became of the case. */
export type StockOutcome = { readonly values: readonly number[] } | { readonly error: string };

function run(name: string): StockOutcome {
  try {
    const { compute } = stockCases.find((stockCase) => stockCase.name === name)!;
    return { values: tf.tidy(() => [...compute().dataSync()]) };
  } catch (error) {
    return { error: String(error) };
  }
}

self.onmessage = async ({ data: name }: MessageEvent<string>) => {
  await tf.setBackend("wasm");
  self.postMessage(run(name));
};
