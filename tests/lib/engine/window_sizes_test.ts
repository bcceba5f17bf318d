import { backend_util } from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import fc from "fast-check";
import { windowSizes } from "../../../lib/engine/window_sizes.ts";

const size = fc.integer({ min: 1, max: 9 });
const pair = fc.tuple(size, size);
const windows = fc.record({
  image: fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), size),
  filter: pair,
  channels: size,
  strides: pair,
  dilation: pair,
  padding: fc.constantFrom("valid" as const, "same" as const),
});

Deno.test("windows lie as tfjs's do, of convolutions and of poolings", () => {
  fc.assert(fc.property(windows, (given) => {
    const { image, filter, channels, strides, dilation, padding } = given;
    const tfjs = [
      backend_util.computeConv2DInfo(
        [1, ...image],
        [...filter, image[2], channels],
        strides,
        dilation,
        padding,
      ),
      backend_util.computePool2DInfo([1, ...image], filter, strides, dilation, padding),
    ];
    for (const { padInfo: { top, left }, ...expected } of tfjs) {
      const own = windowSizes({ ...given, channels: expected.outChannels });
      assert.deepEqual({ ...expected, ...own }, {
        ...expected,
        // tfjs counts windows that do not fit at all below zero.
        outHeight: Math.max(0, expected.outHeight),
        outWidth: Math.max(0, expected.outWidth),
        padInfo: { top, left },
      });
    }
  }));
});
