/**
 * What every route finds in its context.
 *
 * @module
 */

import type { RequestIdVariables } from "hono/request-id";
import type { TimingVariables } from "hono/timing";
import type { ImageHead } from "../lib/image/mod.ts";
import type { ImageReader, ModelPool, Places } from "../lib/serve/mod.ts";

/** The environment of the app and its sub-apps; `createApp` sets the variables. */
export interface AppEnv {
  Variables: RequestIdVariables & TimingVariables & {
    /** The models that are served. */
    pool: ModelPool;
    /** Decodes images. */
    images: ImageReader;
    /** What bounds the requests in work. */
    places: Places;
    /** Of a POST under `/api` or `/v2`: its body, whole. */
    body: Uint8Array<ArrayBuffer>;
    /** Behind `receiveImage`: the image as it came, and what its container says. */
    image: { readonly bytes: Uint8Array; readonly head: ImageHead };
  };
}
