/**
 * The list of defences of training sets.
 *
 * @module
 */

import { psbd } from "../input/psbd.ts";
import { strip } from "../input/strip.ts";
import { activationClustering } from "./activation_clustering.ts";
import { discriminant } from "./discriminant.ts";
import { lossIsolation } from "./loss_isolation.ts";
import { lossTrajectory } from "./loss_trajectory.ts";
import { overInputs } from "./over_inputs.ts";
import type { RowDefence } from "./row_defence.ts";
import { spectralSignatures } from "./spectral_signatures.ts";

/** Every defence of training sets there is; a new one is one file and one line here. */
export const rowDefences: readonly RowDefence[] = [
  activationClustering,
  spectralSignatures,
  discriminant,
  overInputs(strip),
  overInputs(psbd),
  lossIsolation,
  lossTrajectory,
];
