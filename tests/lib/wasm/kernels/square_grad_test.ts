import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import "../../../../lib/wasm/mod.ts";
import { assertValues, drawValues, evaluate, toTensor } from "../values.ts";

Deno.test("the square's gradient is 2 · x · dy, to the last bit", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(30), fc.nat(), async (size, seed) => {
      const x = drawValues([size], { seed });
      const dy = drawValues([size], { seed: seed + 1 });
      const data = x.data.map((value, i) => 2 * value * dy.data[i]!);
      const compute = () => tf.grad((input) => tf.square(input))(toTensor(x), toTensor(dy));
      assertValues(await evaluate("wasm", compute), { data, shape: [size] });
    }),
  );
});

Deno.test("the square can be differentiated twice", async () => {
  const x = drawValues([9], { seed: 1 });
  const compute = () => {
    const fourth = (input: tf.Tensor) => tf.sum(tf.square(tf.square(input)));
    return tf.grad((input) => tf.sum(tf.grad(fourth)(input)))(toTensor(x));
  };
  const data = x.data.map((value) => 12 * value * value);
  assertValues(await evaluate("wasm", compute), { data, shape: [9] }, 1e-6);
});
