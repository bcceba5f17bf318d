/** The scans of progressive JPEGs: which order is lawful, and how much work. */

import assert from "node:assert/strict";
import { ImageDecodeError } from "../../../lib/image/errors.ts";
import { decodeJpeg } from "../../../lib/image/jpeg.ts";
import { readJpegFile } from "../../../lib/image/jpeg_file.ts";
import { segment } from "./build_jpeg.ts";
import { concat } from "./build_png.ts";

/** A scan of a grey or coloured image: first and last coefficient, bit before and bit. */
type Scan = readonly [first: number, last: number, high: number, low: number];

interface Options {
  readonly side?: number;
  readonly components?: number;
}

/** Every difference is 0; every band is empty, for 32,767 blocks a code. */
const TABLES = concat([
  segment(0xdb, Uint8Array.of(0, ...new Uint8Array(64).fill(1))),
  segment(0xc4, Uint8Array.of(0x00, 1, ...new Uint8Array(15), 0)),
  segment(0xc4, Uint8Array.of(0x10, 1, ...new Uint8Array(15), 0xe0)),
]);

/** A progressive JPEG without content, whose components each have these scans. */
function progressive(scans: readonly Scan[], { side = 8, components = 1 }: Options = {}) {
  const ids = Array.from({ length: components }, (_, i) => i + 1);
  const size = [side >> 8, side & 255];
  const blocks = Math.ceil(side / 8) ** 2;
  const frame = [8, ...size, ...size, components, ...ids.flatMap((id) => [id, 0x11, 0])];
  const parts = scans.flatMap(([first, last, high, low]) =>
    (first === 0 ? [ids] : ids.map((id) => [id])).flatMap((part) => [
      segment(
        0xda,
        Uint8Array.of(part.length, ...part.flatMap((id) => [id, 0]), first, last, high << 4 | low),
      ),
      first === 0
        ? new Uint8Array(Math.ceil(blocks * part.length / 8))
        : Uint8Array.of(0x7f, 0xfe, 0xff, 0, 0xfd, 0xff, 0, 0xf8),
    ])
  );
  return concat([
    Uint8Array.of(0xff, 0xd8),
    segment(0xee, Uint8Array.of(...new TextEncoder().encode("Adobe"), ...new Uint8Array(7))),
    segment(0xc2, Uint8Array.from(frame)),
    TABLES,
    ...parts,
    Uint8Array.of(0xff, 0xd9),
  ]);
}

function refuses(scans: readonly Scan[], message: RegExp, options?: Options): void {
  assert.throws(() => readJpegFile(progressive(scans, options)), (error) => {
    assert.ok(error instanceof ImageDecodeError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("an order in which each bit comes once, the higher ones first, is lawful", () => {
  const scans: Scan[] = [[0, 0, 0, 1], [1, 5, 0, 2], [6, 63, 0, 2], [1, 63, 2, 1], [0, 0, 1, 0]];
  for (const components of [1, 3]) {
    const { data } = decodeJpeg(progressive(scans, { components, side: 20 }));
    assert.ok(data.every((sample) => sample === 128));
  }
});

Deno.test("a scan that is not one of a progressive frame is refused", () => {
  refuses([[0, 5, 0, 0]], /first coefficients alone, or others of one component, got 0 to 5/);
  refuses([[0, 0, 0, 14]], /one bit from 0 to 13, got 14 after 0/);
  refuses([[0, 0, 0, 1], [0, 0, 3, 0]], /one bit from 0 to 13, got 0 after 3/);
});

Deno.test("a bit that comes twice, too soon or never is refused, for it is work for nothing", () => {
  const order = /each bit of a coefficient must come in one scan/;
  refuses([[0, 0, 0, 0], [0, 0, 0, 0]], order);
  refuses([[0, 0, 0, 0], [1, 63, 0, 1], [5, 5, 0, 1]], order);
  refuses([[0, 0, 0, 2], [0, 0, 1, 0]], order);
  refuses([[0, 0, 1, 0]], order);
  refuses([[1, 63, 0, 0]], /each component must have a scan/);
});

Deno.test("the bound on work takes libjpeg's scans of four megapixels in CMYK, and not many more", () => {
  const others: Scan[] = [[1, 5, 0, 2], [6, 63, 0, 2], [1, 63, 2, 1], [1, 63, 1, 0]];
  const usual: Scan[] = [[0, 0, 0, 1], ...others, [0, 0, 1, 0]];
  const large = { side: 2000, components: 4 };
  assert.equal(readJpegFile(progressive(usual, large)).blocks, 1_500_000);
  const more: Scan[] = [[0, 0, 0, 2], ...others, [0, 0, 2, 1], [0, 0, 1, 0]];
  refuses(more, /at most 1600000 blocks, got 1750000/, large);
  assert.equal(readJpegFile(progressive(more, { side: 1900, components: 4 })).blocks, 1_586_032);
});
