/**
 * What all commands share: help, `--json`, one-line errors, exit status, Ctrl-C.
 *
 * @module
 */

import { Command, CommanderError } from "commander";
import { UsageError } from "../lib/core/errors.ts";
import type { Json } from "../lib/core/types.ts";

/** What a command answers with: a document for programs and a text for people. */
export interface CommandResult {
  readonly json: Json;
  readonly text: string;
  /** Exit status where the answer is bad news, for example a model that fails verification. */
  readonly status?: 0 | 1;
}

/**
 * Begins a command.
 *
 * @param task The name after `deno task`, for example `"train"`.
 * @param summary One sentence: what it does.
 * @param examples Command lines, each after `deno task `, shown under the help.
 */
export function createCommand(task: string, summary: string, examples: readonly string[]): Command {
  return new Command(`deno task ${task}`)
    .description(summary)
    .option("--json", "print one JSON document on standard output and nothing else there")
    .helpOption("-h, --help", "print this")
    .addHelpText(
      "after",
      `\nExamples:\n${examples.map((line) => `  deno task ${line}`).join("\n")}`,
    )
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/\n?$/, "\n")) });
}

/**
 * Runs a command whose actions end in `finish`, and exits: 0 done, 1 failed, 2 wrong usage.
 *
 * @param command Made by `createCommand`, with its options and actions.
 */
export async function main(command: Command): Promise<never> {
  try {
    await command.parseAsync(Deno.args, { from: "user" });
    Deno.exit(exitStatus);
  } catch (error) {
    if (error instanceof CommanderError) Deno.exit(error.exitCode === 0 ? 0 : 2);
    await Deno.stderr.write(new TextEncoder().encode(`error: ${oneLine(error)}\n`));
    Deno.exit(error instanceof UsageError ? 2 : 1);
  }
}

let exitStatus = 0;

/**
 * Prints a command's answer in the form that was asked for.
 *
 * @param result The answer.
 * @param options The command's parsed options; only `json` is read.
 */
export async function finish(result: CommandResult, options: { json?: boolean }): Promise<void> {
  const text = options.json ? JSON.stringify(result.json, null, 2) : result.text;
  await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
  exitStatus = result.status ?? 0;
}

/**
 * A signal that fires at the first Ctrl-C; the second one kills as usual.
 *
 * @param consequence What being stopped means and what to do, for the error's message.
 * @returns The signal, whose reason is the error that the command should end with, and a function
 * that stops listening.
 */
export function interruptSignal(
  consequence = "nothing was saved; run the command again",
): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const onInterrupt = () => {
    release();
    controller.abort(new Error(`stopped by Ctrl-C: ${consequence}`));
  };
  const release = () => Deno.removeSignalListener("SIGINT", onInterrupt);
  Deno.addSignalListener("SIGINT", onInterrupt);
  return { signal: controller.signal, release };
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, " ");
}
