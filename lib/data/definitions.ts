/**
 * The list of data sets.
 *
 * @module
 */

import { cifar10 } from "./cifar10.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { fashionMnist } from "./fashion_mnist.ts";
import { mnist } from "./mnist.ts";

/** Every data set there is; a new one is one file and one line here. */
export const datasetDefinitions: readonly DatasetDefinition[] = [
  mnist,
  fashionMnist,
  cifar10,
];
