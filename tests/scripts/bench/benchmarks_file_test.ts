import assert from "node:assert/strict";
import { replaceSection } from "../../../lib/report/markdown.ts";
import { benchNetworks } from "../../../scripts/bench/training_task.ts";

Deno.test("BENCHMARKS.md has a place for each section", async () => {
  const file = await Deno.readTextFile(new URL("../../../BENCHMARKS.md", import.meta.url));
  const names = [
    ...["bench kernels", "bench operations", "bench networks"],
    "bench:train end to end",
    ...["speed", "rate", "cold start", "memory", "soak"].map((part) => `bench:serve ${part}`),
    ...Object.keys(benchNetworks).flatMap((network) => [
      `bench:train ${network}`,
      `bench:scale ${network}`,
    ]),
  ];
  for (const name of names) {
    assert.notEqual(replaceSection(file, { file: "BENCHMARKS.md", name }, "new"), file);
  }
});
