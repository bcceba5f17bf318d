/**
 * The images that servers are asked about.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import { makePhotograph } from "./photograph.ts";

/** An image, as it is sent. */
export interface Input {
  /** For people, for example `"digit"`. */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** The project's sample of a seven, and a photograph. */
export interface Inputs {
  /** 28×28, grey, PNG. */
  readonly digit: Input;
  /** 512×512, JPEG. */
  readonly photograph: Input;
}

/** Reads the one, makes the other. */
export async function loadInputs(): Promise<Inputs> {
  const sample = fileURLToPath(new URL("../../../fixtures/samples/7.png", import.meta.url));
  return {
    digit: { name: "digit", type: "image/png", body: await Deno.readFile(sample) },
    photograph: { name: "photograph", type: "image/jpeg", body: await makePhotograph() },
  };
}

/** The size of {@linkcode giantPng}: as many pixels as the server takes, 8 bytes each. */
const GIANT = { width: 1, height: 4_000_000 } as const;

/** A legal PNG that is small as a file and large in memory: 16-bit RGBA, 32 MB of samples. */
export function giantPng(): Input {
  const { width, height } = GIANT;
  const data = new Uint16Array(width * height * 4).map((_, i) => 257 * (i % 251));
  const body = new Uint8Array(encode({ width, height, data, channels: 4, depth: 16 }));
  return { name: "giant PNG", type: "image/png", body };
}
