/**
 * Reads images apart from the serving thread: the program of a Worker, which `image_worker.ts` starts
 * and ends. It imports little, so that it starts within some tens of milliseconds.
 *
 * @module
 */

import { fitImage } from "./fit_image.ts";
import type { ImageAnswer, ImageOrder } from "./image_messages.ts";
import { withinTime } from "./within_time.ts";

const scope = globalThis as unknown as Worker;

scope.onmessage = ({ data: { id, bytes, inputs, timeLimit } }: MessageEvent<ImageOrder>) => {
  try {
    const images = withinTime(timeLimit, () => fitImage(bytes, inputs));
    const memory = new Set(images.map(({ data }) => data.buffer as ArrayBuffer));
    scope.postMessage({ kind: "done", id, images } satisfies ImageAnswer, [...memory]);
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    scope.postMessage({ kind: "failed", id, name: error.name, error } satisfies ImageAnswer);
  }
};

scope.postMessage({ kind: "ready" } satisfies ImageAnswer);
