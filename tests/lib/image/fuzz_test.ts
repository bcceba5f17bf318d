/** Hostile files by the thousand: an image or one of two errors, soon, and the next good image right. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeImage } from "../../../lib/image/decode.ts";
import { ImageDecodeError, ImageTypeError } from "../../../lib/image/errors.ts";
import { toModelInput } from "../../../lib/image/model_input.ts";
import { peekImage } from "../../../lib/image/peek.ts";
import { altered, bombs, FILES, jpegs, pngs, spliced } from "./hostile_files.ts";

/** Milliseconds that any file of some kilobytes may take, on a machine that does other work too. */
const MOST_TIME = 5_000;

/** What the good files come out as, before anything hostile was decoded. */
const GOOD = FILES.map((file) => decodeImage(file));

const SHAPES = [[28, 28, 1], [32, 32, 3]] as const;

/** Whether the file was an image; it must be that or one of the two errors, within the time. */
function isImage(file: Uint8Array): boolean {
  const start = performance.now();
  let result = false;
  try {
    const { width, height, cost } = peekImage(file);
    assert.ok(cost >= width * height);
    for (const shape of SHAPES) {
      const raster = decodeImage(file, { luma: shape[2] === 1 });
      assert.equal(raster.data.length, raster.width * raster.height * raster.channels);
      const { data } = toModelInput(raster, shape);
      assert.ok(data.every((value) => value >= 0 && value <= 1));
    }
    result = true;
  } catch (error) {
    assert.ok(error instanceof ImageDecodeError || error instanceof ImageTypeError, String(error));
    assert.match(error.message, /^Cannot [^\n]*; /);
  }
  const time = performance.now() - start;
  assert.ok(time < MOST_TIME, `it took ${time} ms`);
  return result;
}

/** Runs a kind of hostile file, and looks now and then whether good ones still come out right. */
function attack(files: fc.Arbitrary<Uint8Array>, numRuns: number): { images: number } {
  let [runs, images] = [0, 0];
  fc.assert(
    fc.property(files, (file) => {
      if (isImage(file)) images++;
      const which = runs++ % FILES.length;
      assert.deepEqual(decodeImage(FILES[which]!), GOOD[which]);
    }),
    { numRuns },
  );
  return { images };
}

Deno.test("files with some bytes altered, put in or taken out", () => {
  const { images } = attack(altered, 3000);
  assert.ok(images > 50 && images < 2950, `${images}`);
});

Deno.test("files that are cut, or go on as another one", () => {
  attack(spliced, 1500);
});

Deno.test("PNGs whose checksums are right and whose content is not", () => {
  attack(pngs, 1500);
});

Deno.test("bombs: of text, of zlib, of pixels", () => {
  assert.deepEqual(bombs.map(isImage), [true, false, false]);
});

Deno.test("JPEGs whose headers are lawful, or nearly, and whose codes are random", () => {
  const { images } = attack(jpegs, 2000);
  assert.ok(images > 100 && images < 1900, `${images} are whole`);
});
