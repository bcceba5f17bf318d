/**
 * A Worker's program that does with an image what its first byte says (`odd_deeds.ts`): mostly what
 * programs should not. If it answers, the second byte is the only pixel.
 *
 * @module
 */

import type { ImageAnswer, ImageOrder } from "../../../lib/serve/image_messages.ts";
import { deeds } from "./odd_deeds.ts";

const scope = globalThis as unknown as Worker;

scope.onmessage = ({ data: { id, bytes } }: MessageEvent<ImageOrder>) => {
  const [deed, value = 0] = bytes;
  if (deed === deeds.fail) throw new Error("out of order");
  if (deed === deeds.refuse || deed === deeds.expire) {
    const name = deed === deeds.refuse ? "ImageDecodeError" : "TimeError";
    const error = new Error("it must be an image");
    scope.postMessage({ kind: "failed", id, name, error } satisfies ImageAnswer);
    return;
  }
  if (deed === deeds.wait || deed === deeds.stick) {
    // In native code, where no time limit reaches it.
    const milliseconds = deed === deeds.wait ? value : 60_000;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  }
  const images = [{ data: Float32Array.of(value), shape: [1, 1, 1] }] as const;
  scope.postMessage({ kind: "done", id, images } satisfies ImageAnswer);
};

scope.postMessage({ kind: "ready" } satisfies ImageAnswer);
