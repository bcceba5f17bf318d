/**
 * The image that came with a request.
 *
 * @module
 */

import type { Context, HonoRequest } from "hono";
import { HTTPException } from "hono/http-exception";
import { endTime, startTime } from "hono/timing";
import { decodeImage, type Raster } from "../../lib/image/mod.ts";
import { inSpan } from "../../lib/serve/mod.ts";
import type { AppEnv } from "../env.ts";

/**
 * Reads and decodes the image of a request: the field `image` of a multipart form, or else the
 * whole body. Its bytes decide what it is; the content type is not asked, so that plain
 * `curl --data-binary @digit.png` works.
 *
 * @throws {HTTPException} 400 if the form cannot be read or has no file `image`.
 * @throws {ImageTypeError} If the bytes are of no accepted type.
 * @throws {ImageDecodeError} If the image is broken or too large.
 */
export async function readImage(c: Context<AppEnv>): Promise<Raster> {
  const isForm = /^multipart\/form-data\b/i.test(c.req.header("Content-Type") ?? "");
  const bytes = isForm ? await readField(c.req) : await c.req.bytes();
  startTime(c, "decode");
  const raster = await inSpan(
    "decode",
    { "edgedoor.bytes": bytes.length },
    () => decodeImage(bytes),
  );
  endTime(c, "decode");
  return raster;
}

async function readField(request: HonoRequest): Promise<Uint8Array> {
  await request.arrayBuffer(); // kept by the request: below, only the form itself can be at fault
  const form = await request.parseBody().catch((cause: unknown) => {
    throw new HTTPException(400, {
      message: "Cannot read the form: the body must be multipart/form-data with the boundary " +
        "that Content-Type names; send the image itself as the body instead",
      cause,
    });
  });
  if (form.image instanceof File) return await form.image.bytes();
  throw new HTTPException(400, {
    message: 'Cannot read the form: it must have a file in the field "image", got ' +
      (Object.keys(form).length === 0 ? "no fields" : `the fields ${Object.keys(form).join(", ")}`),
  });
}
