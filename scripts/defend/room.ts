/**
 * What all parts of `defend` share: flags, the store, progress, Ctrl-C.
 *
 * @module
 */

import type { Command } from "commander";
import { UsageError } from "../../lib/core/errors.ts";
import { defaults, type JobContext } from "../../lib/job/mod.ts";
import type { ModelManifest } from "../../lib/registry/mod.ts";
import { integer, number, oneOf } from "../cli/arguments.ts";
import { type CommandResult, finish, interruptSignal } from "../cli/cli.ts";
import { openKv } from "../cli/kv.ts";
import { createJobDisplay } from "../cli/progress.ts";
import { commandRuntime } from "../cli/runtime.ts";
import { type ServedModels, servedModels } from "../cli/served_models.ts";

/** Flags of all parts. */
export interface SharedFlags {
  readonly dataDir?: string;
  readonly seed?: number;
  readonly workers?: number;
  readonly turbo?: boolean;
  readonly kv?: string;
  readonly json?: boolean;
}

/** Flags of the parts that ask defences. */
export interface MethodFlags {
  readonly method: string;
  readonly clean: number;
  readonly dataset?: string;
}

/** Where a part does its work. */
export interface Room extends ServedModels {
  readonly kv: Deno.Kv;
  readonly context: JobContext;
  readonly seed: number;
  readonly workers: number | undefined;
}

/** Fewer leave too few for a threshold at a rate of false alarms of 1 %, of which half make a profile. */
const LEAST_CLEAN = 200;

/** The `--method` flag: one of the definitions, or all that suit the model. */
export function addMethod(
  command: Command,
  definitions: readonly { readonly name: string; readonly summary: string }[],
): Command {
  const names = [...definitions.map(({ name }) => name), "all"];
  const lines = definitions.map(({ name, summary }) => `  ${name.padEnd(24)}${summary}`);
  return command
    .option("--method <name>", `defence: ${names.join(", ")}`, oneOf(names), "all")
    .addHelpText("after", `\nDefences:\n${lines.join("\n")}`);
}

/** The `--clean` flag and what goes with it. */
export function addClean(command: Command, byDefault: number): Command {
  return command
    .option(
      "--clean <n>",
      "clean images that the defender has, drawn by the seed from that half of the test set on " +
        "which no figures are made",
      integer(LEAST_CLEAN, 10_000_000),
      byDefault,
    )
    .option("--dataset <name>", "the data set to draw them from (default: the model's own)");
}

/** The `--rate` flag. */
export function addRate(command: Command): Command {
  return command.option(
    "--rate <share>",
    "rate of false alarms",
    number((value) => value > 0 && value <= 0.5, "above 0 and at most 0.5"),
    0.01,
  );
}

/**
 * Runs a part of `defend` to its answer.
 *
 * @param consequence What being stopped means, for the error's message.
 */
export async function inRoom(
  flags: SharedFlags,
  work: (room: Room) => Promise<CommandResult>,
  consequence?: string,
): Promise<void> {
  using interrupt = interruptSignal(consequence);
  using kv = await openKv(flags.kv);
  const display = createJobDisplay();
  try {
    const result = await work({
      ...servedModels(kv),
      kv,
      seed: flags.seed ?? defaults.DEFAULT_SEED,
      workers: flags.workers,
      context: {
        ...{ runtime: commandRuntime(), onEvent: display.onEvent, signal: interrupt.signal },
        ...flags.dataDir !== undefined && { dataDir: flags.dataDir },
      },
    });
    display.stop();
    await finish(result, flags);
  } finally {
    display.stop();
  }
}

/**
 * The defences that are asked for.
 *
 * @param options `method`: a name, or all that are `isSuited`; what is left out is told.
 */
export function chooseMethods<Definition extends { readonly name: string }>(
  definitions: readonly Definition[],
  { method, isSuited, context }: {
    readonly method: string;
    readonly isSuited: (definition: Definition) => boolean;
    readonly context: Pick<JobContext, "onEvent">;
  },
): Definition[] {
  if (method !== "all") return definitions.filter(({ name }) => name === method);
  const left = definitions.filter((definition) => !isSuited(definition)).map(({ name }) => name);
  if (left.length > 0) {
    const text = `${left.join(", ")} left out: the model does not give what it takes`;
    context.onEvent({ kind: "note", text });
  }
  return definitions.filter(isSuited);
}

/**
 * The data set that clean images are drawn from.
 *
 * @throws {UsageError} If neither the manifest nor a flag names one.
 */
export function datasetOf({ name, dataset }: ModelManifest, asked: string | undefined): string {
  const found = asked ?? dataset;
  if (found !== null) return found;
  throw new UsageError(
    `Cannot judge model "${name}": --dataset must name what it classifies, for its manifest does not, ` +
      "got none; give, for example, --dataset mnist",
  );
}
