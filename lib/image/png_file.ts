/**
 * The container of a PNG: chunks, their checksums and the header, checked before any inflation.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import { brokenImage, type ImageDecodeError, ImageTypeError } from "./errors.ts";
import { type Orientation, readOrientation } from "./exif.ts";
import { join } from "./join.ts";
import { checkSize } from "./limits.ts";

/** The eight bytes that begin every PNG. */
export const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** The IHDR chunk. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly colour: PngColour;
  readonly interlaced: boolean;
}

/** What the samples of a pixel mean. */
export type PngColour = "grey" | "rgb" | "palette" | "grey-alpha" | "rgb-alpha";

/** The parts of a PNG that decide its pixels. */
export interface PngFile {
  readonly header: PngHeader;
  /** PLTE: red, green, blue of each entry; empty where there is none. */
  readonly palette: Uint8Array;
  /** tRNS as stored: an alpha for each palette entry, or one transparent colour; may be empty. */
  readonly transparency: Uint8Array;
  /** The IDAT chunks joined: one zlib stream. */
  readonly compressed: Uint8Array;
  /** What the eXIf chunk says; 1 where there is none. */
  readonly orientation: Orientation;
}

const COLOURS: Readonly<Record<number, { colour: PngColour; depths: readonly number[] }>> = {
  0: { colour: "grey", depths: [1, 2, 4, 8, 16] },
  2: { colour: "rgb", depths: [8, 16] },
  3: { colour: "palette", depths: [1, 2, 4, 8] },
  4: { colour: "grey-alpha", depths: [8, 16] },
  6: { colour: "rgb-alpha", depths: [8, 16] },
};

/**
 * Most chunks, each of which costs a checksum. Encoders put some thousand bytes of image data in one, so
 * that the largest image has some thousand.
 */
const MAX_CHUNKS = 10_000;

/**
 * Reads the container of a PNG; other chunks (text, colour profiles) are checked and dropped.
 *
 * @param bytes The file; what follows IEND is ignored.
 * @throws {ImageDecodeError} If it is broken, truncated or over `MAX_PIXELS`.
 * @throws {ImageTypeError} If it is animated.
 */
export function readPngFile(bytes: Uint8Array): PngFile {
  if (PNG_SIGNATURE.some((byte, i) => bytes[i] !== byte)) {
    throw broken("the signature must be whole, got one altered, as by a transfer as text");
  }
  let header: PngHeader | undefined;
  let palette: Uint8Array = new Uint8Array();
  let transparency: Uint8Array = new Uint8Array();
  let exif: Uint8Array = new Uint8Array();
  const imageData: Uint8Array[] = [];
  for (const { type, data } of readChunks(bytes)) {
    if (header === undefined) {
      if (type !== "IHDR") throw broken(`the first chunk must be IHDR, got ${type}`);
      header = readHeader(data);
    } else if (type === "PLTE") {
      palette = data;
    } else if (type === "tRNS") {
      transparency = data;
    } else if (type === "IDAT") {
      imageData.push(data);
    } else if (type === "eXIf") {
      exif = data;
    } else if (type === "IEND") {
      checkColours(header, palette, transparency);
      const [compressed, orientation] = [join(imageData), readOrientation(exif)];
      return { header, palette, transparency, compressed, orientation };
    } else if (type === "acTL") {
      throw new ImageTypeError(
        "Cannot decode PNG: the image must be a single one, got an animation; save one frame of it",
      );
    } else if (/^[A-Z]/.test(type)) {
      // An upper-case first letter: no image without understanding this chunk (PNG, section 5.4).
      throw broken(`critical chunks must be known and stand once, got ${type}`);
    }
  }
  throw broken("it must end in an IEND chunk, got the end of the file");
}

function* readChunks(bytes: Uint8Array): Generator<{ type: string; data: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset: number = PNG_SIGNATURE.length;
  for (let count = 1; offset + 12 <= bytes.length; count++) {
    if (count > MAX_CHUNKS) throw broken(`it must have at most ${MAX_CHUNKS} chunks, got more`);
    const length = view.getUint32(offset);
    const end = offset + 12 + length;
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw broken("chunk types must be letters, got others");
    if (end > bytes.length) {
      throw broken(
        `chunk ${type} must lie within the file, got ${end - bytes.length} bytes beyond its end`,
      );
    }
    if (crc32(bytes.subarray(offset + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw broken(`chunk ${type} must match its checksum, got another`);
    }
    yield { type, data: bytes.subarray(offset + 8, end - 4) };
    offset = end;
  }
}

function readHeader(data: Uint8Array): PngHeader {
  if (data.length !== 13) throw broken(`IHDR must have 13 bytes, got ${data.length}`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  checkSize("PNG", { width, height });
  const depth = view.getUint8(8);
  const colour = COLOURS[view.getUint8(9)];
  if (colour === undefined || !colour.depths.includes(depth)) {
    throw broken(
      `colour type and depth must be a pair that PNG knows, got ${view.getUint8(9)} and ${depth}`,
    );
  }
  const [compression, filter, interlace] = data.subarray(10);
  if (compression !== 0 || filter !== 0 || (interlace !== 0 && interlace !== 1)) {
    throw broken(
      "compression, filter and interlace method must be 0, 0 and 0 or 1, " +
        `got ${compression}, ${filter} and ${interlace}`,
    );
  }
  return { width, height, depth, colour: colour.colour, interlaced: interlace === 1 };
}

function checkColours(header: PngHeader, palette: Uint8Array, transparency: Uint8Array): void {
  const { colour } = header;
  const entries = palette.length / 3;
  if (!Number.isInteger(entries) || entries > 256 || (colour === "palette" && entries === 0)) {
    throw broken(`PLTE must have 3 bytes for each of up to 256 colours, got ${palette.length}`);
  }
  const length = transparency.length;
  if (colour === "palette" ? length > entries : length !== 0 && length !== keyLength(colour)) {
    throw broken(`tRNS must fit the colour type (${colour}), got ${length} bytes`);
  }
}

/** Bytes of the transparent colour; images with alpha of their own have none. */
function keyLength(colour: PngColour): number {
  return colour === "grey" ? 2 : colour === "rgb" ? 6 : 0;
}

function broken(what: string): ImageDecodeError {
  return brokenImage("PNG", what);
}
