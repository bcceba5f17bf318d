/** Winograd's convolution. */

import { Convolution } from "./convolution";

/** Whether a convolution goes to Winograd's algorithm. */
export function usesWinograd(_shape: Convolution): bool {
  return false;
}
