import assert from "node:assert/strict";
import { encode } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { BusyError } from "../../../lib/core/errors.ts";
import { encodePng, ImageDecodeError, ImageTypeError } from "../../../lib/image/mod.ts";
import { createImageReader, type ImageReader, readOnThisThread } from "../../../lib/serve/mod.ts";
import { buildPng } from "../image/build_png.ts";
import { heavyJpeg, scanBomb } from "./hostile_images.ts";

const inputs = [{ shape: [4, 4, 1] }] as const;

/** Small, but not tiny: a Worker reads it. */
const SIDE = 128;

/** Square, one grey. */
function greyPng(grey: number, side = SIDE): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(side * side).fill(grey);
  return new Uint8Array(encode({ width: side, height: side, channels: 1, depth: 8, data }));
}

/** 8 × 8, half red and half black, whose luma is not that of the colours which come out. */
function redJpeg(): Uint8Array<ArrayBuffer> {
  const data = Uint8Array.from({ length: 256 }, (_, i) => [i & 16 ? 255 : 0, 0, 0, 255][i & 3]!);
  return new Uint8Array(encodeJpeg({ width: 8, height: 8, data }, 50).data);
}

const readers: readonly [string, () => ImageReader & Partial<Disposable>][] = [
  ["in Workers", () => createImageReader()],
  ["on the thread that calls", () => readOnThisThread],
];

for (const [where, create] of readers) {
  Deno.test(`an image read ${where} comes in the shape that each model takes`, async () => {
    const images = create();
    try {
      const png = encodePng({ data: Float32Array.of(0, 1, 0, 1), shape: [2, 2, 1] });
      const [grey, colour, inverse] = await images.read(png, {
        inputs: [{ shape: [2, 2, 1] }, { shape: [1, 1, 3] }, { shape: [2, 2, 1], invert: true }],
      });
      assert.deepEqual(grey, { data: Float32Array.of(0, 1, 0, 1), shape: [2, 2, 1] });
      assert.deepEqual(colour, { data: Float32Array.of(0.5, 0.5, 0.5), shape: [1, 1, 3] });
      assert.deepEqual([...inverse!.data], [1, 0, 1, 0]);
    } finally {
      images[Symbol.dispose]?.();
    }
  });

  Deno.test(`a model in grey sees the same of an image read ${where}, whoever else asks`, async () => {
    const images = create();
    try {
      const [grey, colour] = [{ shape: [8, 8, 1] }, { shape: [8, 8, 3] }] as const;
      const png = encodePng({ data: new Float32Array(192).fill(0.3, 60, 90), shape: [8, 8, 3] });
      for (const bytes of [redJpeg(), png]) {
        const [alone] = await images.read(bytes, { inputs: [grey] });
        const [colourAlone] = await images.read(bytes, { inputs: [colour] });
        const both = await images.read(bytes, { inputs: [colour, grey] });
        assert.deepEqual(both, [colourAlone, alone]);
      }
    } finally {
      images[Symbol.dispose]?.();
    }
  });

  Deno.test(`what is wrong with an image read ${where} is told by the error's class`, async () => {
    const images = create();
    try {
      await assert.rejects(images.read(new Uint8Array(9), { inputs }), ImageTypeError);
      const cut = greyPng(1).slice(0, -5);
      await assert.rejects(images.read(cut, { inputs }), ImageDecodeError);
      await assert.rejects(images.read(scanBomb(), { inputs }), (error: unknown) => {
        assert.ok(error instanceof ImageDecodeError);
        assert.match(error.message, /a scan's coefficients must lie within 0 to 63/);
        return true;
      });
      // A program's own mistake is no fault of the image.
      const mistaken = images.read(greyPng(1), { inputs: [{ shape: [4, 4, 2] }] });
      await assert.rejects(mistaken, (error: unknown) => {
        assert.ok(error instanceof Error && !(error instanceof ImageDecodeError));
        assert.match(error.message, /shape must have 1 or 3 channels/);
        return true;
      });
      assert.equal((await images.read(greyPng(255), { inputs }))[0]!.data[0], 1);
    } finally {
      images[Symbol.dispose]?.();
    }
  });
}

Deno.test("tiny PNGs are read where they are, and no other image", async () => {
  const program = new URL("./odd_image_thread.ts", import.meta.url);
  using images = createImageReader({ program });
  const valueOf = async (bytes: Uint8Array) => (await images.read(bytes, { inputs }))[0]!.data[0];
  // What the Worker's odd program makes of a file is its second byte.
  assert.equal(await valueOf(greyPng(255, 28)), 1);
  assert.equal(await valueOf(greyPng(255)), "P".charCodeAt(0));
  assert.equal(await valueOf(redJpeg()), 0xd8);
  await assert.rejects(images.read(greyPng(1, 28).slice(0, -5), { inputs }), ImageDecodeError);
  const signal = AbortSignal.abort(new Error("gone"));
  await assert.rejects(images.read(greyPng(1, 28), { inputs, signal }), /gone/);
});

Deno.test("a lawful image that takes too long ends as one that cannot be decoded", async () => {
  using images = createImageReader({ timeLimit: 1 });
  await assert.rejects(images.read(heavyJpeg(), { inputs }), (error: unknown) => {
    assert.ok(error instanceof ImageDecodeError);
    assert.match(error.message, /must be decoded within 0.001 seconds/);
    return true;
  });
});

Deno.test("of many large images some are read and the rest refused, and small ones all are", async () => {
  using images = createImageReader({ timeLimit: 60_000 });
  const large = { width: 2000, height: 1500 };
  const giant = buildPng(large, new Uint8Array((large.width + 1) * large.height));
  const giants = Promise.allSettled(
    Array.from({ length: 64 }, () => images.read(giant, { inputs })),
  );
  const greys = Array.from({ length: 100 }, (_, i) => i);
  const small = greys.map((grey) => images.read(greyPng(grey), { inputs }));
  const read = await Promise.all(small);
  assert.deepEqual(read.map(([image]) => Math.round(image!.data[0]! * 255)), greys);
  const outcomes = await giants;
  const done = outcomes.filter(({ status }) => status === "fulfilled");
  assert.ok(done.length >= 1 && done.length <= 8, `${done.length} were read`);
  for (const each of outcomes) {
    if (each.status === "rejected") assert.ok(each.reason instanceof BusyError);
  }
});
