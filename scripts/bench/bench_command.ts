/**
 * What the benchmark commands share: their flags, their answer.
 *
 * @module
 */

import { type Command, Option } from "commander";
import { UsageError } from "../../lib/core/errors.ts";
import { integer, oneOf } from "../cli/arguments.ts";
import { createCommand, finish } from "../cli/cli.ts";
import { printLine } from "../cli/print_line.ts";
import { checkV8Flags, TURBO_FLAGS } from "../cli/turbo.ts";
import type { Answer } from "./answer.ts";
import { type Provenance, saveSections } from "./benchmarks_file.ts";
import { describeMachine, formatMachine } from "./machine.ts";
import { formatFigure, type Section, toText } from "./report.ts";
import { benchNetworks } from "./training_task.ts";

/** Flags of every benchmark. */
export interface BenchFlags {
  /** Left out: the benchmark's own number, which `--quick` lowers to 1. */
  readonly rounds?: number;
  readonly quick?: boolean;
  readonly save?: boolean;
  readonly json?: boolean;
}

/** Begins a benchmark's command; parameters as of `createCommand`. */
export function createBenchCommand(
  task: string,
  summary: string,
  examples: readonly string[],
): Command {
  return createCommand(task, summary, examples)
    .option("--rounds <n>", "how often each variant is measured, in turn", integer(1, 100))
    .option("--quick", "small sizes and one round: to see that it works, not how fast")
    .option("--save", "write the tables to BENCHMARKS.md too");
}

/** The `--network` option. */
export function networkOption(byDefault: string): Option {
  const networks = Object.keys(benchNetworks);
  return new Option(
    "--network <name>",
    `one network (choices: ${networks.join(", ")}; default: ${byDefault})`,
  ).argParser(oneOf(networks));
}

/** Rounds to measure. */
export function roundsOf({ rounds, quick }: BenchFlags, usual: number): number {
  return rounds ?? (quick ? 1 : usual);
}

/** Flags that make less of a measurement than BENCHMARKS.md holds. */
const leavingOut = ["quick", "only", "images", "seconds", "confirm"] as const;

type LeavingOut = typeof leavingOut[number];

/** Processes that want a core, a minute's mean, from which on a machine has something else to do. */
const BUSY = 0.5;

/**
 * Begins a measurement: checks that it can be made, and that what is to be saved is a whole one.
 *
 * @param task The benchmark's name after `deno task`.
 * @param flags Those that leave something out are looked at, whichever the benchmark has.
 * @returns What the figures will be measured on, and how.
 * @throws {UsageError} If a part of a measurement is to be saved.
 * @throws {Error} If V8 does not know the turbo flags.
 */
export async function beginBench(
  task: string,
  flags: BenchFlags & Partial<Readonly<Record<LeavingOut, unknown>>>,
): Promise<Provenance> {
  const partial = leavingOut.find((flag) => flags[flag] !== undefined);
  if (flags.save && partial !== undefined) {
    throw new UsageError(
      `Cannot save: --${partial} cannot be combined with --save, for BENCHMARKS.md holds whole ` +
        "measurements",
    );
  }
  await checkV8Flags(TURBO_FLAGS);
  const machine = describeMachine();
  if (machine.load > BUSY && !flags.quick) {
    printLine(
      `warning: the machine has other work (load ${machine.load.toFixed(1)}); what runs by more ` +
        "threads suffers from it the most, and ratios are not to be trusted",
    );
  }
  return { machine, command: commandLine(task) };
}

/** Figures of an answer that are shown as they come. */
const SHOWN = 3;

/** Prints measurements as they come, a line each. */
export function showAnswers(
  what: string,
): (variant: string, round: number, answer: Answer) => void {
  return (variant, round, { figures }) => {
    const shown = Object.entries(figures)
      .slice(0, SHOWN)
      .map(([name, value]) => `${name} ${formatFigure(value)}`);
    const more = Object.keys(figures).length - shown.length;
    if (more > 0) shown.push(`${more} more`);
    printLine(`${what}, round ${round}, ${variant}: ${shown.join(", ")}`);
  };
}

/** Prints a benchmark's sections, and saves them where that is asked for. */
export async function finishBench(
  provenance: Provenance,
  sections: readonly Section[],
  flags: BenchFlags,
): Promise<void> {
  if (flags.save) await saveSections(sections, provenance);
  const results = Object.fromEntries(sections.map(({ name, results }) => [name, results]));
  await finish({
    json: { ...provenance, results },
    text: [
      ...sections.flatMap(({ tables }) => tables.map(toText)),
      formatMachine(provenance.machine),
    ].join("\n\n"),
  }, flags);
}

/** The command line without what is of no matter to the figures, or of this machine alone. */
function commandLine(task: string): string {
  const args = Deno.args.filter((argument, i) =>
    !["--save", "--json", "--python"].includes(argument) && Deno.args[i - 1] !== "--python" &&
    !argument.startsWith("--python=")
  );
  return ["deno task", task, ...args].join(" ");
}
