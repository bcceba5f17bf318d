/**
 * The list of defences of models.
 *
 * @module
 */

import { mmBd } from "./mm_bd.ts";
import type { ModelDefence } from "./model_defence.ts";
import { neuralCleanse } from "./neural_cleanse.ts";

/** Every defence of models there is; a new one is one file and one line here. */
export const modelDefences: readonly ModelDefence[] = [
  neuralCleanse,
  mmBd,
];
