import assert from "node:assert/strict";
import { encode } from "jpeg-js";
import { decodeImage } from "../../../lib/image/decode.ts";
import { TimeError, withinTime } from "../../../lib/serve/within_time.ts";

/** Keeps the thread busy. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

Deno.test("work in time gives what it gives, and throws what it throws", () => {
  assert.deepEqual(withinTime(10_000, () => [1]), [1]);
  const error = new RangeError("out of range");
  assert.throws(() =>
    withinTime(10_000, () => {
      throw error;
    }), (thrown) => thrown === error);
});

Deno.test("endless work is broken off, though it catches what it can", () => {
  let caught = 0;
  const endless = () => {
    for (;;) {
      try {
        work(1_000_000);
      } catch {
        caught++;
      } finally {
        caught++;
      }
    }
  };
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    assert.throws(() => withinTime(50, endless), TimeError);
    assert.ok(performance.now() - start >= 45);
  }
  assert.equal(caught, 0);
});

Deno.test("endless work in WebAssembly is broken off too", () => {
  // (module (func (export "f") (loop br 0)))
  const binary = Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
    ...[7, 5, 1, 1, 0x66, 0, 0, 10, 9, 1, 7, 0, 3, 0x40, 0x0c, 0, 0x0b, 0x0b],
  );
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(binary)).exports;
  assert.throws(() => withinTime(50, f as () => void), TimeError);
});

Deno.test("after an image that was broken off, the next one comes out as ever", () => {
  const size = { width: 640, height: 480 };
  const data = Uint8Array.from({ length: size.width * size.height * 4 }, (_, i) => i * i % 251);
  const file = new Uint8Array(encode({ ...size, data }, 90).data);
  const expected = decodeImage(file);
  for (let round = 0; round < 3; round++) {
    const endless = () => {
      for (;;) decodeImage(file);
    };
    assert.throws(() => withinTime(50, endless), TimeError);
    assert.deepEqual(decodeImage(file), expected);
  }
});

Deno.test("the limit of work that is done does not reach what follows", () => {
  for (let i = 0; i < 100; i++) withinTime(60, () => {});
  assert.equal(withinTime(60_000, () => (work(150), "done")), "done");
});
