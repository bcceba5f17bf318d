/**
 * What may be wrong with the data of a scan.
 *
 * @module
 */

import type { ImageDecodeError } from "./errors.ts";
import { broken } from "./jpeg_segments.ts";

// The numbers are those of `assembly/scan.ts`.
export const NO_SUCH_CODE = -1;
export const BLOCK_TOO_LONG = -2;
export const ENDS_WITHIN_BLOCK = -3;
export const NO_RESTART = -4;
export const WRONG_RESTART = -5;

const FAULTS: Readonly<Record<number, string>> = {
  [NO_SUCH_CODE]: "a code that is none of the table's",
  [BLOCK_TOO_LONG]: "a block of more than 64 values",
  [ENDS_WITHIN_BLOCK]: "a scan that ends within a block",
  [NO_RESTART]: "a scan that ends before its last restart marker",
  [WRONG_RESTART]: "restart markers that do not follow one another",
};

/** Words the error of a scan, by one of the numbers above. */
export function brokenScan(fault: number): ImageDecodeError {
  return broken(`its data must be whole, got ${FAULTS[fault]}`);
}
