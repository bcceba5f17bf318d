/**
 * The body of a request under `/v2`, inflated.
 *
 * @module
 */

import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { UsageError } from "../../lib/core/errors.ts";
import type { AppEnv } from "../env.ts";

/** Bytes that a body may have, as it is sent and inflated: 1,337 digits of 28×28 as FP32. */
export const MAX_V2_BYTES = 4 * 1024 * 1024;

/**
 * Deflate makes at most 1,032 bytes of one, and what is handed to a decompressor at a time is
 * inflated as a whole: this many bytes come to 4 MiB at most.
 */
const PIECE_BYTES = 4096;

/** What `Content-Encoding` may say; HTTP's `deflate` is zlib's format, as `DecompressionStream`'s is. */
const encodings = ["gzip", "deflate"] as const;

/**
 * Gives the body, inflated if `Content-Encoding` says that it is compressed.
 *
 * @returns At most `MAX_V2_BYTES`.
 * @throws {HTTPException} 413 if it is longer when inflated; 415 if it is encoded otherwise.
 * @throws {UsageError} If it is not what `Content-Encoding` says.
 */
export async function readBody(c: Context<AppEnv>): Promise<Uint8Array> {
  const encoding = c.req.header("Content-Encoding")?.trim().toLowerCase() || "identity";
  const known = encodings.find((each) => each === encoding);
  if (known === undefined && encoding !== "identity") {
    c.header("Accept-Encoding", encodings.join(", "));
    throw new HTTPException(415, {
      message:
        `Cannot read the body: Content-Encoding must be one of ${encodings.join(", ")}, or ` +
        "left out",
    });
  }
  const body = c.get("body");
  return known === undefined ? body : await inflate(body, known);
}

async function inflate(
  body: Uint8Array<ArrayBuffer>,
  encoding: (typeof encodings)[number],
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const inflated = inPieces(body).pipeThrough(new DecompressionStream(encoding));
    for await (const part of inflated) {
      length += part.length;
      // Leaving the loop ends the decompressor.
      if (length > MAX_V2_BYTES) break;
      parts.push(part);
    }
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new UsageError(
      `Cannot read the body: it must be whole and of the format that Content-Encoding names, ` +
        `${encoding}; send it again, or without compression`,
      { cause },
    );
  }
  if (length > MAX_V2_BYTES) {
    throw new HTTPException(413, {
      message: `Cannot take the body: inflated it must be at most ${MAX_V2_BYTES} bytes, got more`,
    });
  }
  return await new Blob(parts as Uint8Array<ArrayBuffer>[]).bytes();
}

/** A stream of the bytes that gives the next piece only when it is asked for. */
function inPieces(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let start = 0;
  return new ReadableStream({
    pull(controller) {
      if (start >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(start, start += PIECE_BYTES));
    },
  }, { highWaterMark: 0 });
}
