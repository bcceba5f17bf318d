import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import "../../../lib/wasm/mod.ts";
import { stockCases } from "./stock_cases.ts";
import type { StockOutcome } from "./stock_worker.ts";

/** A worker for each case: one that reads out of bounds must not spoil the next. */
async function runStock(name: string): Promise<StockOutcome> {
  const worker = new Worker(new URL("./stock_worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(name);
    });
  } finally {
    worker.terminate();
  }
}

// Each is the reason for a kernel. Where the stock one is found right, it was mended: ours may go.
for (const { name, compute, right, stock } of stockCases) {
  Deno.test(`on the stock wasm backend ${name}; here it is right`, async () => {
    await tf.setBackend("wasm");
    assert.deepEqual(tf.tidy(() => [...compute().dataSync()]), right);
    const outcome = await runStock(name);
    if (stock instanceof RegExp) assert.match("error" in outcome ? outcome.error : "none", stock);
    else if (stock === "another") assert.notDeepEqual(outcome, { values: right });
    else assert.deepEqual(outcome, { values: stock });
  });
}
