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
  if (deed === deeds.loop) { for (;;); }
  if (deed === deeds.fail) throw new Error("out of order");
  if (deed === deeds.refuse) {
    const error = new Error("it must be an image");
    scope.postMessage(
      { kind: "failed", id, name: "ImageDecodeError", error } satisfies ImageAnswer,
    );
    return;
  }
  if (deed === deeds.wait) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, value);
  const images = [{ data: Float32Array.of(value), shape: [1, 1, 1] }] as const;
  scope.postMessage({ kind: "done", id, images } satisfies ImageAnswer);
};

scope.postMessage({ kind: "ready" } satisfies ImageAnswer);
