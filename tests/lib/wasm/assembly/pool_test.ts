import type { TensorInfo } from "@tensorflow/tfjs";
import fc from "fast-check";
import { poolingFields } from "../../../../lib/wasm/kernels/pooling.ts";
import { avgPoolGrad } from "../../../../lib/wasm/reference/avg_pool_grad.ts";
import { maxPoolGrad } from "../../../../lib/wasm/reference/max_pool_grad.ts";
import type { Values } from "../../../../lib/wasm/reference/values.ts";
import { bytesOf, guardedMemories, toValues } from "../guarded_memory.ts";
import { poolings, windowsOf } from "../poolings.ts";
import { assertValues, drawValues } from "../values.ts";

for (const { name, create } of guardedMemories) {
  Deno.test(`gradients of pooling stay within their blocks, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(poolings, fc.nat(), (pooling, last) => {
        const windows = windowsOf(pooling);
        const [batch, , , channels] = pooling.x;
        const x = drawValues(pooling.x, { seed: pooling.seed });
        const dy = drawValues([batch, ...windows.outSize, channels], { seed: pooling.seed + 1 });
        const tensor = ({ shape }: Values): TensorInfo => ({
          dataId: {},
          shape: [...shape],
          dtype: "float32",
        });
        const shape = Int32Array.from(
          poolingFields({ input: tensor(x), dy: tensor(dy) }, pooling.attrs),
        );
        const max = run({
          blocks: { shape, x, dy, dx: bytesOf(x) },
          last,
          call: (at) => module.maxPoolGradient(at.shape, at.x, at.dy, at.dx),
        });
        assertValues(toValues(max("dx"), x.shape), maxPoolGrad(x, dy, windows));
        const average = run({
          blocks: { shape, dy, dx: bytesOf(x) },
          last,
          call: (at) => module.avgPoolGradient(at.shape, at.dy, at.dx),
        });
        assertValues(toValues(average("dx"), x.shape), avgPoolGrad(dy, windows), 1e-6);
      }),
      { numRuns: 100 },
    );
  });
}
