import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { encode } from "fast-png";
import fc from "fast-check";
import { ImageDecodeError } from "../../../lib/image/errors.ts";
import { MAX_BYTES } from "../../../lib/image/limits.ts";
import { decodePng } from "../../../lib/image/png.ts";
import { exif } from "./build_jpeg.ts";
import { buildPng, chunk, concat, header, packRows, SIGNATURE } from "./build_png.ts";

function refuses(bytes: Uint8Array, message: RegExp): void {
  assert.throws(() => decodePng(bytes), (error) => {
    assert.ok(error instanceof ImageDecodeError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

/** Every pair of colour type and depth without a palette, with its samples a pixel. */
const KINDS = [
  ...[1, 2, 4, 8, 16].map((depth) => ({ depth, colourType: 0, channels: 1 })),
  ...[8, 16].map((depth) => ({ depth, colourType: 2, channels: 3 })),
  ...[8, 16].map((depth) => ({ depth, colourType: 4, channels: 2 })),
  ...[8, 16].map((depth) => ({ depth, colourType: 6, channels: 4 })),
];

/** Sizes that leave some passes of Adam7 empty and rows that end within a byte. */
const sizes = fc.record({
  width: fc.integer({ min: 1, max: 11 }),
  height: fc.integer({ min: 1, max: 11 }),
  interlace: fc.constantFrom(0, 1),
});

function samplesOf(count: number, depth: number) {
  const sample = fc.integer({ min: 0, max: 2 ** depth - 1 });
  return fc.array(sample, { minLength: count, maxLength: count });
}

for (const { depth, colourType, channels } of KINDS) {
  Deno.test(`colour type ${colourType} of ${depth} bits comes out sample for sample`, () => {
    const cases = sizes.chain((size) =>
      samplesOf(size.width * size.height * channels, depth).map((samples) => ({ size, samples }))
    );
    fc.assert(fc.property(cases, ({ size, samples }) => {
      const fields = { ...size, depth, colourType };
      const raster = decodePng(buildPng(fields, packRows(fields, samples)));
      const scale = { 1: 255, 2: 85, 4: 17 }[depth] ?? 1;
      assert.deepEqual({ ...raster, data: [...raster.data] }, {
        width: size.width,
        height: size.height,
        channels,
        data: samples.map((sample) => sample * scale),
        maximum: depth === 16 ? 65535 : 255,
      });
    }));
  });
}

for (const depth of [1, 2, 4, 8]) {
  Deno.test(`palette indices of ${depth} bits are resolved, with and without alpha`, () => {
    const cases = sizes.chain((size) =>
      fc.record({
        size: fc.constant(size),
        indices: samplesOf(size.width * size.height, depth),
        palette: fc.uint8Array({ minLength: 3 * 2 ** depth, maxLength: 3 * 2 ** depth }),
        alphas: fc.uint8Array({ maxLength: 2 ** depth }),
      })
    );
    fc.assert(fc.property(cases, ({ size, indices, palette, alphas }) => {
      const fields = { ...size, depth, colourType: 3 };
      const chunks = [chunk("PLTE", palette), chunk("tRNS", alphas)];
      const raster = decodePng(buildPng(fields, packRows(fields, indices), chunks));
      const expected = indices.flatMap((index) => [
        ...palette.subarray(3 * index, 3 * index + 3),
        ...(alphas.length === 0 ? [] : [alphas[index] ?? 255]),
      ]);
      assert.deepEqual([...raster.data], expected);
      assert.equal(raster.channels, alphas.length === 0 ? 3 : 4);
    }));
  });
}

Deno.test("tRNS makes one grey transparent, at 2, 8 and 16 bits", () => {
  for (
    const [depth, samples, expected] of [
      [2, [0, 2, 3], [0, 255, 170, 0, 255, 255]],
      [8, [0, 2, 3], [0, 255, 2, 0, 3, 255]],
      [16, [0, 2, 514], [0, 65535, 2, 0, 514, 65535]],
    ] as const
  ) {
    const fields = { width: 3, depth };
    const png = buildPng(fields, packRows(fields, samples), [chunk("tRNS", Uint8Array.of(0, 2))]);
    const raster = decodePng(png);
    assert.equal(raster.channels, 2);
    assert.deepEqual([...raster.data], expected);
  }
});

Deno.test("tRNS makes one colour transparent, not those that share a part of it", () => {
  const fields = { width: 2, colourType: 2 };
  const key = chunk("tRNS", Uint8Array.of(0, 1, 0, 2, 0, 3));
  const raster = decodePng(buildPng(fields, packRows(fields, [1, 2, 3, 1, 2, 4]), [key]));
  assert.equal(raster.channels, 4);
  assert.deepEqual([...raster.data], [1, 2, 3, 0, 1, 2, 4, 255]);
});

// A second row under a first, of three greys each, worked out by hand from the filters' definition.
const FILTERED: [name: string, first: number[], row: number[], expected: number[]][] = [
  ["sub", [10, 20, 30], [1, 10, 250, 1], [10, 4, 5]],
  ["up", [10, 20, 30], [2, 1, 2, 250], [11, 22, 24]],
  ["average", [10, 20, 30], [3, 1, 2, 3], [6, 15, 25]],
  ["paeth, up nearest", [10, 20, 30], [4, 1, 2, 3], [11, 22, 33]],
  ["paeth, up left nearest", [10, 20, 30], [4, 246, 0, 0], [0, 10, 20]],
  // Left (10) is as near as up left (20), up (55) as near as up left (25).
  ["paeth, ties", [20, 25, 55], [4, 246, 0, 0], [10, 10, 55]],
];

for (const [name, first, row, expected] of FILTERED) {
  Deno.test(`rows are unfiltered: ${name}`, () => {
    const png = buildPng({ width: 3, height: 2 }, Uint8Array.from([0, ...first, ...row]));
    assert.deepEqual([...decodePng(png).data], [...first, ...expected]);
  });
}

for (
  const [name, filter, expected] of [
    ["up", 2, [10, 20, 30]],
    ["average", 3, [10, 25, 42]],
    ["paeth", 4, [10, 30, 60]],
  ] as const
) {
  Deno.test(`above the first row there are zeros: ${name}`, () => {
    const png = buildPng({ width: 3 }, Uint8Array.of(filter, 10, 20, 30));
    assert.deepEqual([...decodePng(png).data], expected);
  });
}

/** Filters rows that have none, by the filters' definition. */
function filterRows(rows: Uint8Array, filters: readonly number[], pixelBytes: number): Uint8Array {
  const length = rows.length / filters.length;
  return rows.map((byte, i) => {
    const filter = filters[Math.floor(i / length)]!;
    const column = i % length - 1;
    if (column === -1) return filter;
    const at = (row: number, column: number) =>
      row < 0 || column < 0 ? 0 : rows[row * length + 1 + column]!;
    const row = Math.floor(i / length);
    const [a, b, c] = [
      at(row, column - pixelBytes),
      at(row - 1, column),
      at(row - 1, column - pixelBytes),
    ];
    const [nearest] = [a, b, c].map((value) => ({ value, away: Math.abs(a + b - c - value) }))
      .sort((left, right) => left.away - right.away);
    return byte - [0, a, b, Math.floor((a + b) / 2), nearest!.value][filter]!;
  });
}

Deno.test("rows of any filters come out as they were, whatever a pixel's size", () => {
  const cases = fc.record({
    kind: fc.constantFrom(...KINDS),
    width: fc.integer({ min: 1, max: 9 }),
    filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 7 }),
  }).chain((fields) =>
    samplesOf(fields.width * fields.filters.length * fields.kind.channels, fields.kind.depth).map(
      (samples) => ({ ...fields, samples }),
    )
  );
  fc.assert(fc.property(cases, ({ kind, width, filters, samples }) => {
    const fields = { ...kind, width, height: filters.length };
    const rows = packRows(fields, samples);
    const pixelBytes = Math.max(1, kind.channels * kind.depth / 8);
    const png = buildPng(fields, filterRows(rows, filters, pixelBytes));
    assert.deepEqual(decodePng(png), decodePng(buildPng(fields, rows)));
  }));
});

Deno.test("samples lie in memory of their own, which is hardly more than they need", () => {
  for (const [width, height] of [[3, 2], [300, 200]] as const) {
    for (const [depth, bytes] of [[8, 4], [16, 8]] as const) {
      const fields = { width, height, depth, colourType: 6 };
      const { data } = decodePng(buildPng(fields, new Uint8Array(height * (1 + width * bytes))));
      assert.equal(data.byteLength, width * height * bytes);
      assert.ok(data.buffer.byteLength <= data.byteLength + height + 64);
    }
  }
});

Deno.test("a size that so little data cannot have is refused before anything is inflated", () => {
  const png = buildPng({ width: 2000, height: 2000 }, new Uint8Array(100));
  refuses(png, /zlib stream of 4002000 bytes, got \d+, which cannot hold as many/);
});

Deno.test("filters look back by a whole pixel", () => {
  const rows = Uint8Array.of(1, 1, 2, 3, 4, 1, 1, 1, 1);
  const raster = decodePng(buildPng({ width: 2, colourType: 6 }, rows));
  assert.deepEqual([...raster.data], [1, 2, 3, 4, 2, 3, 4, 5]);
});

Deno.test("what fast-png encodes is decoded to the same samples", () => {
  const data = Uint8Array.from({ length: 13 * 9 * 4 }, (_, i) => i * 31);
  for (const interlace of ["null", "Adam7"] as const) {
    for (const channels of [1, 2, 3, 4]) {
      const samples = data.subarray(0, 13 * 9 * channels);
      const png = encode({ width: 13, height: 9, channels, data: samples }, { interlace });
      assert.deepEqual(decodePng(png).data, samples);
    }
  }
});

Deno.test("a row filter that does not exist is refused", () => {
  refuses(buildPng({}, Uint8Array.of(5, 0)), /row filters must be from 0 to 4, got 5/);
});

Deno.test("a palette index beyond the palette is refused", () => {
  const png = buildPng({ colourType: 3 }, Uint8Array.of(0, 2), [chunk("PLTE", new Uint8Array(6))]);
  refuses(png, /indices must be below 2, got 2/);
});

Deno.test("image data of another size than the header's is refused", () => {
  refuses(buildPng({ width: 2 }, Uint8Array.of(0, 1)), /must inflate to 3 bytes, got 2/);
  refuses(buildPng({ width: 2 }, Uint8Array.of(0, 1, 2, 3)), /zlib stream of 3 bytes/);
});

Deno.test("image data that is missing, cut or no zlib stream is refused", () => {
  const stream = deflateSync(Uint8Array.of(0, 1));
  for (const data of [new Uint8Array(), stream.subarray(0, -1), Uint8Array.of(1, 2, 3)]) {
    const png = concat([SIGNATURE, header({}), chunk("IDAT", data), chunk("IEND")]);
    refuses(png, /must be a zlib stream of 2 bytes/);
  }
});

Deno.test("a bomb is not inflated beyond the header's size: 200 MB behind 28×28 pixels", () => {
  const bomb = buildPng({ width: 28, height: 28 }, new Uint8Array(200_000_000));
  assert.ok(bomb.length < MAX_BYTES);
  assert.throws(() => decodePng(bomb), (error) => {
    assert.ok(error instanceof ImageDecodeError);
    assert.match(error.message, /must be a zlib stream of 812 bytes/);
    assert.ok(error.cause instanceof RangeError, "zlib stopped at its own bound");
    return true;
  });
});

Deno.test("an image of four megapixels is decoded, also at 16 bits in four channels", () => {
  const fields = { width: 2000, height: 2000, depth: 16, colourType: 6 };
  const raster = decodePng(buildPng(fields, new Uint8Array(2000 * (1 + 2000 * 8))));
  assert.equal(raster.data.length, 16_000_000);
});

Deno.test("a PNG is turned as its Exif data says, with its alpha, from palette and passes alike", () => {
  const exifChunk = chunk("eXIf", exif("II", { value: 6 }));
  const shapes = [
    { depth: 8, colourType: 0, samples: [1, 2, 3, 4, 5, 6], expected: [4, 1, 5, 2, 6, 3] },
    { depth: 2, colourType: 3, samples: [0, 0, 0, 1, 1, 1], expected: [8, 7, 8, 7, 8, 7] },
  ];
  for (const { samples, expected, ...colour } of shapes) {
    for (const interlace of [0, 1]) {
      const fields = { ...colour, width: 3, height: 2, interlace };
      const chunks = [chunk("PLTE", Uint8Array.of(7, 7, 7, 8, 8, 8)), exifChunk];
      const png = buildPng(fields, packRows(fields, samples), chunks);
      const { width, height, channels, data } = decodePng(png);
      assert.deepEqual([width, height], [2, 3]);
      assert.deepEqual([...data].filter((_, i) => i % channels === 0), expected);
    }
  }
});

Deno.test("a PNG whose Exif data is broken stays as it is", () => {
  const fields = { width: 3, height: 2 };
  const rows = packRows(fields, [1, 2, 3, 4, 5, 6]);
  for (const data of [new Uint8Array(), Uint8Array.of(0x49, 0x49, 42), exif("MM", { value: 9 })]) {
    const turned = decodePng(buildPng(fields, rows, [chunk("eXIf", data)]));
    assert.deepEqual(turned, decodePng(buildPng(fields, rows)));
  }
});
