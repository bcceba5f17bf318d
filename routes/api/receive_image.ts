/**
 * The image that came with a request.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import { endTime, startTime } from "hono/timing";
import type { Image } from "../../lib/core/types.ts";
import { peekImage } from "../../lib/image/mod.ts";
import { inSpan, type ModelInput, SMALL_COST } from "../../lib/serve/mod.ts";
import type { AppEnv } from "../env.ts";
import { quote } from "../quote.ts";

/** Most parts of a form. */
const MAX_PARTS = 32;

/**
 * Middleware that finds the image of a request, looks at its type and size, and takes a place in the
 * work for it. The image is the field `image` of a multipart form, or else the whole body. Its bytes
 * decide what it is; the content type is not asked, so that plain `curl --data-binary @digit.png` works.
 *
 * @throws {HTTPException} 400 if the form cannot be read or has no file `image`.
 * @throws {ImageTypeError} If the bytes are of no accepted type.
 * @throws {ImageDecodeError} If the image says that it is too large.
 * @throws {BusyError} If there is no place.
 */
export const receiveImage = createMiddleware<AppEnv>(async (c, next) => {
  const type = c.req.header("Content-Type") ?? "";
  const isForm = /^multipart\/form-data\b/i.test(type);
  const bytes = isForm ? await readField(c.get("body"), type) : c.get("body");
  const head = peekImage(bytes);
  using _place = c.get("places").take(head.cost <= SMALL_COST ? "small" : "large");
  c.set("image", { bytes, head });
  await next();
});

/**
 * Decodes the image that `receiveImage` has found, and fits it to models.
 *
 * @param inputs What the models take.
 * @returns An image for each input, in their order.
 * @throws {ImageDecodeError} If the image is broken or takes too long to decode.
 * @throws {BusyError} If so much waits to be decoded that there is no room for it.
 */
export async function readImage(
  c: Context<AppEnv>,
  inputs: readonly ModelInput[],
): Promise<Image[]> {
  const { bytes, head } = c.get("image");
  startTime(c, "decode");
  const images = await inSpan(
    "decode",
    { "edgedoor.bytes": bytes.length },
    () => c.get("images").read(bytes, { head, inputs, signal: c.req.raw.signal }),
  );
  endTime(c, "decode");
  return images;
}

async function readField(body: Uint8Array<ArrayBuffer>, type: string): Promise<Uint8Array> {
  const form = await readForm(body, type);
  const image = form.get("image");
  if (image instanceof File) return await image.bytes();
  const names = [...new Set(form.keys())];
  throw new HTTPException(400, {
    message: 'Cannot read the form: it must have a file in the field "image", got ' +
      (names.length === 0 ? "no fields" : `the fields ${names.slice(0, 3).map(quote).join(", ")}`) +
      (names.length > 3 ? ", …" : ""),
  });
}

async function readForm(body: Uint8Array<ArrayBuffer>, type: string): Promise<FormData> {
  try {
    checkParts(body);
    return await new Response(body, { headers: { "Content-Type": type } }).formData();
  } catch (cause) {
    if (cause instanceof HTTPException) throw cause;
    throw new HTTPException(400, {
      message: "Cannot read the form: the body must be multipart/form-data with the boundary " +
        "that Content-Type names; send the image itself as the body instead",
      cause,
    });
  }
}

/**
 * A form of a megabyte can have thousands of parts, each of which takes far longer than its bytes. The
 * head of each ends in an empty line; four such bytes in a row are hardly ever found in an image.
 */
function checkParts(body: Uint8Array<ArrayBuffer>): void {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let offset = bytes.indexOf(EMPTY_LINE);
  for (let parts = 0; offset !== -1; parts++) {
    if (parts === MAX_PARTS) {
      throw new HTTPException(400, {
        message: `Cannot read the form: it must have at most ${MAX_PARTS} parts, got more`,
      });
    }
    offset = bytes.indexOf(EMPTY_LINE, offset + EMPTY_LINE.length);
  }
}

const EMPTY_LINE = "\r\n\r\n";
