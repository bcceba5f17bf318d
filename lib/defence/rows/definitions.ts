/**
 * The list of defences of training sets.
 *
 * @module
 */

import { strip } from "../input/strip.ts";
import { activationClustering } from "./activation_clustering.ts";
import { discriminant } from "./discriminant.ts";
import { overInputs } from "./over_inputs.ts";
import type { RowDefence } from "./row_defence.ts";
import { spectralSignatures } from "./spectral_signatures.ts";

/** Every defence of training sets there is; a new one is one file and one line here. */
export const rowDefences: readonly RowDefence[] = [
  activationClustering,
  spectralSignatures,
  discriminant,
  overInputs(strip),
];
