/** What the components of a JPEG mean. */

import assert from "node:assert/strict";
import { ImageDecodeError } from "../../../lib/image/errors.ts";
import { decodeJpeg } from "../../../lib/image/jpeg.ts";
import { find, insert, segment, without } from "./build_jpeg.ts";

/** Two blocks as RGB, marked by Adobe's segment and by the components' names alike (Pillow). */
const RGB = Uint8Array.fromBase64(
  "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AAEQgACAAQA1IRAEcRAEIRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAAwDUgBHAEIAAD8A+9a+FK8ar+c+vtav2qr/2Q==",
);

/** Two blocks as Adobe's CMYK: (200, 40, 0, 30) and (0, 120, 250, 10) of 255 parts ink (Pillow). */
const CMYK = Uint8Array.fromBase64(
  "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD48r7or9U6/QOv6Fq+Kq/lkrta/9k=",
);

/** The colours of the two blocks of 8×8 pixels. */
function coloursOf(jpeg: Uint8Array): number[][] {
  const { data, channels } = decodeJpeg(jpeg);
  assert.equal(channels, 3);
  return [4 * 16 + 4, 4 * 16 + 12].map((pixel) => [...data.subarray(3 * pixel, 3 * pixel + 3)]);
}

function assertColours(jpeg: Uint8Array, expected: readonly (readonly number[])[]): void {
  const actual = coloursOf(jpeg);
  for (const [i, colour] of expected.entries()) {
    colour.forEach((value, c) => assert.ok(Math.abs(actual[i]![c]! - value) <= 2, `${actual}`));
  }
}

/** The same file with its components named as JFIF names them; in frame and scan. */
function namedByNumbers(jpeg: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(jpeg);
  for (let i = 0; i < 3; i++) {
    bytes[find(jpeg, 0xc0) + 10 + 3 * i] = i + 1;
    bytes[find(jpeg, 0xda) + 5 + 2 * i] = i + 1;
  }
  return bytes;
}

function withTransform(jpeg: Uint8Array, code: number): Uint8Array {
  const bytes = Uint8Array.from(jpeg);
  bytes[find(jpeg, 0xee) + 4 + 11] = code;
  return bytes;
}

Deno.test("a JPEG of red, green and blue is taken for that, by Adobe's marker or its names", () => {
  const colours = [[220, 40, 90], [10, 120, 250]];
  assertColours(RGB, colours);
  assertColours(namedByNumbers(RGB), colours);
  assertColours(without(RGB, 0xee), colours);
});

Deno.test("any other JPEG of three components is YCbCr, as libjpeg has it", () => {
  const jfif = segment(0xe0, new TextEncoder().encode("JFIF\0\x01\x01\0\0\x01\0\x01\0\0"));
  // (220, 40, 90) and (10, 120, 250) as Y, Cb and Cr.
  const colours = [[167, 255, 64], [181, 0, 0]];
  assertColours(without(namedByNumbers(RGB), 0xee), colours);
  assertColours(withTransform(RGB, 1), colours);
  assertColours(insert(RGB, jfif), colours);
});

Deno.test("Adobe's CMYK and YCCK come out in their colours (Pillow's)", () => {
  assertColours(CMYK, [[49, 190, 225], [245, 130, 5]]);
  assertColours(withTransform(CMYK, 2), [[19, 225, 41], [165, 0, 0]]);
});

Deno.test("four components that nobody explains are refused", () => {
  assert.throws(() => decodeJpeg(without(CMYK, 0xee)), (error) => {
    assert.ok(error instanceof ImageDecodeError);
    assert.match(error.message, /marked as Adobe's CMYK or YCCK, got no such marker/);
    return true;
  });
});
