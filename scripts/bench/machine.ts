/**
 * What a figure was measured on.
 *
 * @module
 */

import { cpus } from "node:os";
import { TURBO_FLAGS } from "../cli/turbo.ts";

/** A machine, as far as figures depend on it. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly deno: string;
  readonly v8: string;
  /** V8's flags wherever a figure is of `--turbo`; where not, there is none. */
  readonly turboFlags: readonly string[];
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Processes that wanted a core, a minute's mean: 0 on a machine with nothing else to do. */
  readonly load: number;
}

/** This machine, now. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: navigator.hardwareConcurrency,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    turboFlags: TURBO_FLAGS,
    date: new Date().toISOString().slice(0, 10),
    load: Deno.loadavg()[0]!,
  };
}

/** A machine in one line. */
export function formatMachine({ cpu, cores, deno, v8, turboFlags, date, load }: Machine): string {
  return `${cpu}, ${cores} cores, Deno ${deno} (V8 ${v8}), ${date}, load ${
    load.toFixed(1)
  } before; ` +
    `turbo: ${turboFlags.join(" ")}`;
}
