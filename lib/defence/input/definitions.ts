/**
 * The list of defences of inputs.
 *
 * @module
 */

import { confidence } from "./confidence.ts";
import { ibdPsc } from "./ibd_psc.ts";
import type { InputDefence } from "./input_defence.ts";
import { mahalanobis } from "./mahalanobis.ts";
import { psbd } from "./psbd.ts";
import { scaleUp } from "./scale_up.ts";
import { strip } from "./strip.ts";

/** Every defence of inputs there is; a new one is one file and one line here. */
export const inputDefences: readonly InputDefence[] = [
  strip,
  mahalanobis,
  psbd,
  ibdPsc,
  scaleUp,
  confidence,
];
