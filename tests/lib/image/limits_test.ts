import assert from "node:assert/strict";
import { ImageDecodeError } from "../../../lib/image/errors.ts";
import { checkSize, MAX_PIXELS } from "../../../lib/image/limits.ts";

Deno.test("sizes from one pixel to the limit pass", () => {
  checkSize("PNG", { width: 1, height: 1 });
  checkSize("PNG", { width: MAX_PIXELS, height: 1 });
});

Deno.test("no pixel and one pixel too many are refused by format and size", () => {
  for (const [width, height] of [[0, 1], [1, 0], [MAX_PIXELS + 1, 1]] as const) {
    assert.throws(() => checkSize("JPEG", { width, height }), (error) => {
      assert.ok(error instanceof ImageDecodeError);
      assert.ok(error.message.startsWith("Cannot decode JPEG: its size must be from 1 to 4000000"));
      assert.ok(error.message.includes(`got ${width}×${height}`));
      return true;
    });
  }
});
