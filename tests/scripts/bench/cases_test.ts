import assert from "node:assert/strict";
import { compileKernels, instantiate } from "../../../lib/wasm/module.ts";
import { createArena } from "../../../scripts/bench/cases/arena.ts";
import { caseName, convolutionStruct } from "../../../scripts/bench/cases/kernel_case.ts";
import { kernelCases } from "../../../scripts/bench/cases/kernel_cases.ts";
import { convolutionLayers } from "../../../scripts/bench/cases/layers.ts";
import { networkCases } from "../../../scripts/bench/cases/network_cases.ts";
import { operationCases } from "../../../scripts/bench/cases/operation_cases.ts";

const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
const module = instantiate(memory, { module: await compileKernels({ memory: "shared" }) });

/** What works out sizes, moves values, or goes over filters or channels alone: it takes no time. */
const quick =
  /Scratch$|Bytes$|Prepare$|^fill$|^copy$|^transpose$|^batchNorm.*(Combine|Fold|ParameterGradients)$/;

Deno.test("each kernel of the module that takes time has a case, and runs", () => {
  const arena = createArena(memory);
  for (const { prepare } of kernelCases(1)) {
    arena.clear();
    prepare(module, arena)();
  }
  const timed = new Set(kernelCases(1).map(({ kernel }) => kernel));
  const missing = Object.entries(module)
    .filter(([name, value]) => value instanceof Function && !quick.test(name) && !timed.has(name))
    .map(([name]) => name);
  assert.deepEqual(missing, [], "each needs a case in scripts/bench/cases");
});

Deno.test("figures have names of their own", () => {
  for (const cases of [kernelCases(128), operationCases(32), networkCases(128)]) {
    const names = cases.map(caseName);
    assert.equal(new Set(names).size, names.length);
  }
});

Deno.test("a layer's sizes are those of its network", () => {
  const layer = (name: string) => convolutionLayers.find((each) => each.name === name)!;
  assert.deepEqual(
    convolutionStruct(layer("article conv2")),
    [26, 26, 32, 3, 3, 24, 24, 64, 1, 1, 0, 0, 1, 1],
  );
  // As tfjs pads: one pixel is missing, and stands at the far end.
  assert.deepEqual(
    convolutionStruct(layer("resnet into group 2")),
    [32, 32, 16, 3, 3, 16, 16, 32, 2, 2, 0, 0, 1, 1],
  );
  assert.deepEqual(
    convolutionStruct(layer("resnet group 3")),
    [8, 8, 64, 3, 3, 8, 8, 64, 1, 1, 1, 1, 1, 1],
  );
});
