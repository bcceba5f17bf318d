/**
 * How long and how hard `bench:serve` measures.
 *
 * @module
 */

import type { Inputs } from "./inputs.ts";

/** The parts of the benchmark, by what `--only` calls them. */
export const parts = ["single", "saturation", "rate", "cold-start", "memory", "soak"] as const;

/** A part of the benchmark. */
export type Part = typeof parts[number];

/** What all parts are measured by. */
export interface ServeOptions {
  readonly inputs: Inputs;
  /** Length of one measurement, in seconds. */
  readonly seconds: number;
  /** Length of the run that confirms a rate, in seconds. */
  readonly confirmation: number;
  /** Clients at a time, at saturation. */
  readonly connections: number;
  /** Giant images at once, and how often. */
  readonly burst: { readonly images: number; readonly times: number };
}

/** Share of a measurement's length that a server is warmed up for, on each input. */
const WARM_UP = 0.5;

/** Seconds that a server is warmed up for. */
export function warmUpOf({ seconds }: ServeOptions): number {
  return seconds * WARM_UP;
}
