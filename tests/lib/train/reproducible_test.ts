import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { architectures } from "../../../lib/model/mod.ts";
import { trainBriefly } from "./train_briefly.ts";

type Run = Parameters<typeof trainBriefly>[1];

await tf.setBackend("wasm");

/** The digest of the weights that a process of its own comes to. */
async function trainElsewhere(network: string, { seed, workers }: Run): Promise<string> {
  const [build, script] = ["../../kernel_build.ts", "./train_briefly.ts"].map((path) =>
    fileURLToPath(import.meta.resolve(path))
  );
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", `--preload=${build}`, script!, network],
      ...[String(seed), String(workers)],
    ],
    stderr: "inherit",
  }).output();
  assert.ok(success);
  return new TextDecoder().decode(stdout);
}

for (const { name } of architectures) {
  for (const workers of [1, 2]) {
    const test = `${name}, ${workers} threads: the same seed gives weights equal to the bit`;
    Deno.test(`${test}, another seed other ones`, async () => {
      const run = { seed: 5, workers };
      const digest = await trainBriefly(name, run);
      assert.match(digest, /^[0-9a-f]{64}$/);
      assert.equal(await trainBriefly(name, run), digest, "again in this process");
      assert.equal(await trainElsewhere(name, run), digest, "in a fresh process");
      assert.notEqual(await trainBriefly(name, { ...run, seed: 6 }), digest);
    });
  }
}
