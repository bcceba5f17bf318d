import fc from "fast-check";
import { convolutionFields } from "../../../../lib/wasm/interface/windows.ts";
import { convolutionInfo } from "../../../../lib/wasm/kernels/convolution.ts";
import {
  depthwiseConv2dBackpropFilter,
  depthwiseConv2dBackpropInput,
} from "../../../../lib/wasm/reference/depthwise_conv2d.ts";
import { convolutions, windowsOf } from "../convolutions.ts";
import { bytesOf, guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

for (const { name, create } of guardedMemories) {
  Deno.test(`a depthwise convolution's gradients stay within their blocks, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(
        convolutions({ maxDilation: 2, minBatch: 1 }),
        fc.constantFrom(1, 2, 4),
        fc.nat(),
        (
          { x: xShape, filter: [h = 0, w = 0, inC = 0], attrs, seed, density },
          multiplier,
          last,
        ) => {
          const outC = inC * multiplier;
          const equal = { x: xShape, filter: [h, w, inC, outC], attrs, seed, density };
          const [images = 0, inH = 0, inW = 0] = xShape;
          const windows = {
            ...windowsOf(equal),
            filterSize: [h, w] as const,
            inSize: [inH, inW] as const,
          };
          const shape = Int32Array.from(convolutionFields(convolutionInfo(equal, attrs)));
          const x = drawValues(xShape, { seed });
          const filter = drawValues([h, w, inC, multiplier], { seed: seed + 1 });
          const dy = drawValues([images, ...windows.outSize, outC], { seed: seed + 2 });
          const added = run({
            blocks: { shape, x, dy, dFilter: filter },
            last,
            call: (at) => module.depthwiseFilterGradient(at.shape, images, at.x, at.dy, at.dFilter),
          });
          const dFilter = depthwiseConv2dBackpropFilter(x, dy, windows);
          dFilter.data.forEach((value, i) => dFilter.data[i] = value + filter.data[i]!);
          assertValues(toValues(added("dFilter"), filter.shape), dFilter);
          const sent = run({
            blocks: { shape, dy, filter, dx: bytesOf(x) },
            last,
            call: (at) => module.depthwiseInputGradient(at.shape, images, at.dy, at.filter, at.dx),
          });
          const dx = depthwiseConv2dBackpropInput(dy, filter, windows);
          assertValues(toValues(sent("dx"), x.shape), dx);
        },
      ),
      { numRuns: 60 },
    );
  });
}
