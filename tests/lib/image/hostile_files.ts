/**
 * Files that a decoder must stand: good ones altered, cut or mixed, and new ones that lie.
 *
 * @module
 */

import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { encode } from "jpeg-js";
import { createRandom } from "../../../lib/core/random.ts";
import { exif, exifSegment, find, insert, segment } from "./build_jpeg.ts";
import { buildPng, chunk, concat, header, packRows, SIGNATURE } from "./build_png.ts";
import { GREY_JPEG, PROGRESSIVE_JPEG } from "./small_jpegs.ts";

function noise(length: number): number[] {
  return Array.from({ length }, (_, i) => (i * i * 31 + i * 7) % 256);
}

const photograph = new Uint8Array(
  encode({ width: 33, height: 21, data: Uint8Array.from(noise(33 * 21 * 4)) }, 60).data,
);

const coloured = { width: 7, height: 5, colourType: 6, depth: 16, interlace: 1 };
const indexed = { width: 9, height: 4, colourType: 3, depth: 2 };
const grey = { width: 12, height: 8 };

/** Good files of all kinds that decoding distinguishes. */
export const FILES = [
  GREY_JPEG,
  PROGRESSIVE_JPEG,
  photograph,
  insert(PROGRESSIVE_JPEG, exifSegment(exif("MM", { value: 6 }))),
  buildPng(grey, packRows(grey, noise(96))),
  buildPng(coloured, packRows(coloured, noise(140)), [chunk("eXIf", exif("II", { value: 3 }))]),
  buildPng(indexed, packRows(indexed, noise(36).map((value) => value % 4)), [
    chunk("PLTE", Uint8Array.from(noise(12))),
    chunk("tRNS", Uint8Array.of(0, 128)),
  ]),
];

const file = fc.constantFrom(...FILES);

/** Bytes that mean something: markers, sizes, lengths. */
const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xd0, 0xd9, 0xda, 0xff), fc.nat(255));

/**
 * Files with some bytes altered, put in or taken out.
 *
 * @param files Not empty.
 */
export function edited(files: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const edits = fc.array(
    fc.record({
      at: fc.nat(4096),
      remove: fc.integer({ min: 0, max: 3 }),
      put: fc.array(byte, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 5 },
  );
  return fc.tuple(files, edits).map(([file, edits]) => {
    const bytes = [...file];
    for (const { at, remove, put } of edits) bytes.splice(at % bytes.length, remove, ...put);
    return Uint8Array.from(bytes);
  });
}

/** Good images, edited. */
export const altered = edited(file);

/** Files that are cut, or go on as another one. */
export const spliced = fc.tuple(file, fc.nat(2000), file, fc.nat(2000)).map((
  [file, cut, other, from],
) => concat([file.subarray(0, cut % file.length), other.subarray(from % other.length)]));

const fields = fc.record({
  width: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 2000, 65535, 2 ** 31)),
  height: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 2000, 65535, 2 ** 32 - 1)),
  depth: fc.constantFrom(1, 2, 4, 8, 16),
  colourType: fc.constantFrom(0, 2, 3, 4, 6),
  interlace: fc.constantFrom(0, 1),
});

const chunks = fc.array(
  fc.tuple(
    fc.constantFrom("PLTE", "tRNS", "tEXt", "zTXt", "iCCP", "eXIf", "IDAT", "IHDR", "acTL"),
    fc.uint8Array({ maxLength: 40 }),
  ).map(([type, data]) => chunk(type, data)),
  { maxLength: 4 },
);

const rows = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  // As many bytes as there may be, each a filter too; or far more.
  fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 100_000 })).map(([value, length]) =>
    new Uint8Array(length).fill(value)
  ),
);

/** PNGs whose checksums are right and whose content is not. */
export const pngs = fc.tuple(fields, chunks, rows).map(([fields, chunks, rows]) =>
  concat([
    ...[SIGNATURE, header(fields), chunk("PLTE", Uint8Array.from(noise(48)))],
    ...chunks,
    ...[chunk("IDAT", deflateSync(rows)), chunk("IEND")],
  ])
);

const zeros = deflateSync(new Uint8Array(50_000_000));

/**
 * PNGs that weigh little and say that they are large: of text, which may be skipped, of zlib, of
 * pixels. Only the first is an image.
 */
export const bombs = [
  buildPng({}, Uint8Array.of(0, 0), [chunk("zTXt", zeros), chunk("iCCP", zeros)]),
  concat([SIGNATURE, header({ width: 9, height: 9 }), chunk("IDAT", zeros), chunk("IEND")]),
  concat([
    ...[SIGNATURE, header({ width: 2000, height: 2000, depth: 16, colourType: 6 })],
    ...[chunk("IDAT", deflateSync(new Uint8Array(100))), chunk("IEND")],
  ]),
];

type Scan = readonly [components: readonly number[], first: number, last: number, bits: number];

/** The scans of a lawful progressive JPEG, and those of a sequential one. */
const SCRIPTS: readonly (readonly Scan[])[] = [
  [
    [[1, 2, 3], 0, 0, 0x01],
    [[1], 1, 5, 0x02],
    [[2], 1, 63, 0x01],
    [[3], 1, 63, 0],
    [[1], 6, 63, 0x02],
    [[1], 1, 63, 0x21],
    [[1, 2, 3], 0, 0, 0x10],
    [[2], 1, 63, 0x10],
  ],
  [[[1, 2, 3], 0, 63, 0]],
  [[[2], 0, 63, 0], [[1, 3], 0, 63, 0]],
];

/** Bits of a seed, none of which are a marker. */
function codesOf(seed: number, length: number): Uint8Array {
  const { integer } = createRandom(seed, "codes");
  return Uint8Array.from({ length }, () => integer(255));
}

const tables = photograph.subarray(find(photograph, 0xc4), find(photograph, 0xda));

const table = fc.record({
  kind: fc.constantFrom(0, 1, 0x10, 0x11),
  counts: fc.array(fc.nat(2), { minLength: 16, maxLength: 16 }),
  symbols: fc.array(byte, { minLength: 32, maxLength: 32 }),
}).map(({ kind, counts, symbols }) => {
  const count = counts.reduce((sum, count) => sum + count, 0);
  return segment(0xc4, Uint8Array.of(kind, ...counts, ...symbols.slice(0, count)));
});

/** JPEGs whose headers are lawful, or nearly, and whose codes are random. */
export const jpegs = fc.record({
  script: fc.constantFrom(...SCRIPTS),
  side: fc.constantFrom(1, 8, 17, 40),
  sampling: fc.array(fc.constantFrom(0x11, 0x11, 0x21, 0x22, 0x12), {
    minLength: 3,
    maxLength: 3,
  }),
  restart: fc.constantFrom(0, 0, 0, 5),
  seed: fc.nat(),
  length: fc.constantFrom(20, 400, 4000),
  ownTables: fc.oneof(fc.constant([]), fc.array(table, { minLength: 1, maxLength: 2 })),
  /** A scan that is left out, or comes twice. */
  odd: fc.record({ at: fc.nat(7), count: fc.constantFrom(1, 1, 1, 0, 2) }),
}).map(({ script, side, sampling, restart, seed, length, ownTables, odd }) => {
  const components = sampling.flatMap((factors, i) => [i + 1, factors, 0]);
  const scans = script.flatMap((scan, i) => Array<Scan>(i === odd.at ? odd.count : 1).fill(scan));
  return concat([
    Uint8Array.of(0xff, 0xd8),
    segment(0xdb, new Uint8Array(65).fill(3).with(0, 0)),
    segment(
      script === SCRIPTS[0] ? 0xc2 : 0xc0,
      Uint8Array.of(8, 0, side, 0, side, 3, ...components),
    ),
    ...[tables, ...ownTables, segment(0xdd, Uint8Array.of(0, restart))],
    ...scans.flatMap(([ids, first, last, bits], i) => [
      segment(
        0xda,
        Uint8Array.of(ids.length, ...ids.flatMap((id) => [id, 0]), first, last, bits),
      ),
      codesOf(seed + i, length),
    ]),
    Uint8Array.of(0xff, 0xd9),
  ]);
});
