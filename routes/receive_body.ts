/**
 * The bodies of requests: read here and nowhere else, in bounded time and memory.
 *
 * @module
 */

import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import { BusyError } from "../lib/core/errors.ts";
import { busy, type Places } from "../lib/serve/mod.ts";
import type { AppEnv } from "./env.ts";
import type { Upload, UploadRoom } from "./upload_room.ts";

/** How bodies are taken. */
export interface ReceiveOptions {
  /** Shared by all routes. */
  readonly room: UploadRoom;
  /** What follows: while it is full, nothing is read. */
  readonly places: Places;
  /** Longest body, in bytes. */
  readonly maxBytes: number;
  /** Milliseconds that a body may take to come. */
  readonly timeLimit: number;
  /** Whose a request is. */
  readonly clientOf: (c: Context) => string;
}

/**
 * Middleware that reads the body of a POST into the variable `body`. What follows it works on bodies that are
 * there: a client that sends slowly waits here, where it takes nothing from others.
 *
 * It answers with 413 if the body is too long, as far as possible before it reads it; with 408 if it
 * takes too long; with 503 if others need its room; with 400 if it breaks off.
 */
export function receiveBody({ room, places, maxBytes, timeLimit, clientOf }: ReceiveOptions) {
  const tooLong = () =>
    new HTTPException(413, {
      message: `Cannot take the body: it must be at most ${maxBytes} bytes, got more`,
    });

  return createMiddleware<AppEnv>(async (c, next) => {
    c.set("body", new Uint8Array());
    if (c.req.method !== "POST") return await next();
    // To say so costs far less before the body is read.
    if (places.isFull) throw busy("small");
    const { body } = c.req.raw;
    if (body === null) return await next();
    const declared = Number(c.req.header("Content-Length") ?? NaN);
    if (declared > maxBytes) throw tooLong();
    const end = Promise.withResolvers<never>();
    const upload = room.open(clientOf(c), () => end.reject(new BusyError(ENDED)));
    const timer = setTimeout(() => end.reject(tooSlow(timeLimit)), timeLimit);
    try {
      const bytes = await readAll(piecesOf(body), {
        upload,
        // A buffer need not be larger than what will come.
        maxBytes: declared || maxBytes,
        end: end.promise,
      });
      if (bytes === null) throw tooLong();
      upload.complete();
      c.set("body", bytes);
      clearTimeout(timer);
      await next();
    } finally {
      clearTimeout(timer);
      upload.close();
    }
  });
}

const ENDED =
  "Cannot take the body: more come at once than the server has room for, and of their " +
  "client's it was the slowest; send it again shortly";

function tooSlow(timeLimit: number): HTTPException {
  return new HTTPException(408, {
    message: `Cannot wait for the body: it must come within ${timeLimit / 1000} seconds`,
  });
}

/**
 * Reads a body.
 *
 * @param options Where it is counted, its longest length, and a promise that is rejected if nobody
 * waits for it any more.
 * @returns `null` as soon as it is longer than it may be.
 * @throws {HTTPException} 400 if it breaks off.
 */
async function readAll(
  pieces: Pieces,
  { upload, maxBytes, end }: { upload: Upload; maxBytes: number; end: Promise<never> },
): Promise<Uint8Array<ArrayBuffer> | null> {
  // One buffer, for a body may come byte by byte, and each piece by itself would take a hundred times
  // its length.
  let buffer = new Uint8Array();
  let length = 0;
  while (true) {
    // If nobody waits, the pieces are left alone: to cancel a read that waits leaks in Deno.
    const piece = await Promise.race([pieces.next().catch(breakOff), end]);
    if (piece === null) break;
    const needed = length + piece.length;
    if (needed > maxBytes) return null;
    if (needed > buffer.length) {
      const capacity = Math.min(maxBytes, Math.max(4 * buffer.length, needed));
      upload.grow(capacity - buffer.length);
      const grown = new Uint8Array(capacity);
      grown.set(buffer.subarray(0, length));
      buffer = grown;
    }
    buffer.set(piece, length);
    length = needed;
  }
  // Whoever copies a view would copy all that is behind it.
  return length === buffer.length ? buffer : buffer.slice(0, length);
}

/** Only the client can be at fault: it has gone, or what it sends is no HTTP. */
function breakOff(cause: unknown): never {
  throw new HTTPException(400, {
    message: "Cannot read the body: it must be whole and rightly framed, got one that breaks off",
    cause,
  });
}

/** A body, piece by piece. */
interface Pieces {
  /** The next piece, valid until the next call; `null` at the end. */
  next(): Promise<Uint8Array | null>;
}

/** Bytes that are waited for at a time: few before any come, for many bodies may never come. */
const FIRST_PIECE = 2_048;
const PIECE = 65_536;

function piecesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): Pieces {
  const reader = byteReader(body);
  if (reader === null) {
    const reader = body.getReader();
    return { next: async () => (await reader.read()).value ?? null };
  }
  let memory = new Uint8Array(FIRST_PIECE);
  return {
    async next() {
      const size = memory.length;
      const { done, value } = await reader.read(memory);
      if (done) return null;
      memory = value.length < size ? new Uint8Array(value.buffer) : new Uint8Array(PIECE);
      return value;
    },
  };
}

/**
 * A reader that waits in memory of its own: Deno's own reader takes 64 KiB for each body.
 *
 * @returns `null` for a body that is there already, which Deno makes another stream of.
 */
function byteReader(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStreamBYOBReader | null {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return null;
  }
}
