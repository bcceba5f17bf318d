import assert from "node:assert/strict";
import type { Orientation } from "../../../lib/image/exif.ts";
import { orient } from "../../../lib/image/orient.ts";

/** What becomes of 123 over 456 (Exif's figure of the eight; Pillow's `exif_transpose` agrees). */
const seen: Readonly<Record<Orientation, readonly string[]>> = {
  1: ["123", "456"],
  2: ["321", "654"],
  3: ["654", "321"],
  4: ["456", "123"],
  5: ["14", "25", "36"],
  6: ["41", "52", "63"],
  7: ["63", "52", "41"],
  8: ["36", "25", "14"],
};

for (const [orientation, rows] of Object.entries(seen)) {
  Deno.test(`orientation ${orientation} makes ${rows} of 123,456`, () => {
    for (const channels of [1, 2, 3, 4] as const) {
      for (const Samples of [Uint8Array, Uint16Array]) {
        const samples = (text: string) =>
          Samples.from(
            [...text].flatMap((digit) =>
              Array.from({ length: channels }, (_, c) => 10 * Number(digit) + c)
            ),
          );
        const stored = { width: 3, height: 2, channels, data: samples("123456"), maximum: 255 };
        const raster = orient(
          stored as Parameters<typeof orient>[0],
          Number(orientation) as Orientation,
        );
        assert.deepEqual([raster.height, raster.width], [rows.length, rows[0]!.length]);
        assert.deepEqual(raster.data, samples(rows.join("")));
        assert.deepEqual(stored.data, samples("123456"));
      }
    }
  });
}
