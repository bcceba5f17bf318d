import type { TensorInfo } from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import { poolingFields } from "../../../../lib/wasm/interface/windows.ts";
import { poolingInfo } from "../../../../lib/wasm/kernels/pooling.ts";
import { avgPool, avgPoolGrad } from "../../../../lib/wasm/reference/avg_pool.ts";
import { maxPool, maxPoolGrad } from "../../../../lib/wasm/reference/max_pool.ts";
import { reluGrad } from "../../../../lib/wasm/reference/relu_grad.ts";
import type { Values } from "../../../../lib/wasm/reference/values.ts";
import { bytesOf, guardedMemories, toValues } from "../guarded_memory.ts";
import { type Pooling, poolings, tilings, windowsOf } from "../poolings.ts";
import { assertValues, drawValues } from "../values.ts";

/** A pooling, its operands and its struct. */
function draw({ x: shape, attrs, seed }: Pooling) {
  const windows = windowsOf({ x: shape, attrs, seed });
  const [images, , , channels] = shape;
  const x = drawValues(shape, { seed });
  const dy = drawValues([images, ...windows.outSize, channels], { seed: seed + 1 });
  const tensor = ({ shape }: Values): TensorInfo => ({
    dataId: {},
    shape: [...shape],
    dtype: "float32",
  });
  const info = poolingInfo({ input: tensor(x), dy: tensor(dy) }, attrs);
  return { windows, images, x, dy, shape: Int32Array.from(poolingFields(info)) };
}

for (const { name, create } of guardedMemories) {
  Deno.test(`max pooling and its gradients stay within their blocks, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(poolings, fc.nat(), (pooling, last) => {
        const { windows, images, x, dy, shape } = draw(pooling);
        const expected = maxPool(x, windows);
        const size = dy.data.length;
        const forward = run({
          blocks: { shape, x, y: size * 4, codes: new Uint8Array(size + (-size & 3)) },
          last,
          call: (at) => module.maxPool(at.shape, images, at.x, at.y, at.codes),
        });
        assertValues(toValues(forward("y"), dy.shape), expected.y);
        const codes = new Uint8Array(forward("codes").buffer, 0, size);
        assert.deepEqual(codes, expected.codes);

        const withoutCodes = run({
          blocks: { shape, x, y: size * 4 },
          last,
          call: (at) => module.maxPool(at.shape, images, at.x, at.y, 0),
        });
        assertValues(toValues(withoutCodes("y"), dy.shape), expected.y);

        const gradient = maxPoolGrad(x, dy, windows);
        const byCodes = run({
          blocks: { shape, dy, codes: expected.codes, dx: bytesOf(x) },
          last,
          call: (at) => module.maxPoolGradientFromCodes(at.shape, images, at.dy, at.codes, at.dx),
        });
        assertValues(toValues(byCodes("dx"), x.shape), gradient);
        const byValues = run({
          blocks: { shape, x, dy, dx: bytesOf(x) },
          last,
          call: (at) => module.maxPoolGradient(at.shape, images, at.x, at.dy, at.dx),
        });
        assertValues(toValues(byValues("dx"), x.shape), gradient);
      }),
      { numRuns: 100 },
    );
  });

  Deno.test(`average pooling and its gradient stay within their blocks, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(fc.oneof(poolings, tilings), fc.nat(), (pooling, last) => {
        const { windows, images, x, dy, shape } = draw(pooling);
        const forward = run({
          blocks: { shape, x, y: bytesOf(dy) },
          last,
          call: (at) => module.avgPool(at.shape, images, at.x, at.y),
        });
        assertValues(toValues(forward("y"), dy.shape), avgPool(x, windows), 1e-6);
        const expected = avgPoolGrad(dy, windows);
        const gradient = run({
          blocks: { shape, dy, dx: bytesOf(x) },
          last,
          call: (at) => module.avgPoolGradient(at.shape, images, at.dy, 0, at.dx),
        });
        assertValues(toValues(gradient("dx"), x.shape), expected, 1e-6);
        const masked = run({
          blocks: { shape, dy, x, dx: bytesOf(x) },
          last,
          call: (at) => module.avgPoolGradient(at.shape, images, at.dy, at.x, at.dx),
        });
        assertValues(toValues(masked("dx"), x.shape), reluGrad(x, expected), 1e-6);
      }),
      { numRuns: 100 },
    );
  });
}
