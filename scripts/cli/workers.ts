/**
 * `--workers`: the threads that share a training step, or a classification.
 *
 * @module
 */

import { Option } from "commander";
import { integer } from "./arguments.ts";

/** Above it a batch of 128 leaves each thread too few images to be worth the waiting for the others. */
const MOST_BY_DEFAULT = 16;

/** The `--workers` option of the commands that train or evaluate; `what` it is said to be. */
export function workersOption(what: string): Option {
  return new Option(
    "--workers <n>",
    `${what} (default: the machine's cores, at most ${MOST_BY_DEFAULT})`,
  ).argParser(integer(1, 64));
}

/** The number of threads where none is asked for. */
export function defaultWorkers(): number {
  return Math.min(navigator.hardwareConcurrency, MOST_BY_DEFAULT);
}
