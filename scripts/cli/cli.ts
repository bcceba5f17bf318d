/**
 * What all commands share: help, `--json`, one-line errors, exit status, Ctrl-C.
 *
 * @module
 */

import { Command, CommanderError } from "commander";
import { UsageError } from "../../lib/core/errors.ts";
import type { Json } from "../../lib/core/types.ts";
import { printLine } from "./print_line.ts";
import { goToUser } from "./user_folder.ts";

/** What a command answers with: a document for programs and a text for people. */
export interface CommandResult {
  /** What `JSON.stringify` makes a document of. */
  readonly json: Json | object;
  /** Left out where people have been told by other means. */
  readonly text?: string;
  /** Exit status where the answer is bad news, for example a model that fails verification. */
  readonly status?: 0 | 1;
}

/** A command that ran in a process of its own has failed, and has told people why. */
export class ChildFailure extends Error {
  override readonly name = "ChildFailure";

  /** @param status Its exit status, from 1. */
  constructor(readonly status: number) {
    super(`the process of the command ended with status ${status}`);
  }
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
    .configureOutput({ outputError: (text, write) => write(`${oneLine(text)}\n`) });
}

/**
 * Runs a command whose actions answer by `finish`, and exits: 0 done, 1 failed, 2 wrong usage. Paths
 * are taken from where the user stands.
 *
 * @param command Made by `createCommand`, with its options and actions.
 */
export async function main(command: Command): Promise<never> {
  try {
    goToUser();
    await command.parseAsync(Deno.args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) Deno.exit(error.exitCode === 0 ? 0 : 2);
    if (error instanceof ChildFailure) Deno.exit(error.status);
    printLine(`error: ${oneLine(error instanceof Error ? error.message : String(error))}`);
    Deno.exit(error instanceof UsageError ? 2 : 1);
  }
  Deno.exit();
}

/**
 * Prints a command's answer in the form that was asked for.
 *
 * @param result The answer.
 * @param options The command's parsed options; only `json` is read.
 */
export async function finish(result: CommandResult, options: { json?: boolean }): Promise<void> {
  Deno.exitCode = result.status ?? 0;
  const text = options.json ? JSON.stringify(result.json, withoutPixels, 2) : result.text;
  if (text === undefined) return;
  // The stream, not `write`: to a pipe, `write` may write a part.
  const writer = Deno.stdout.writable.getWriter();
  await writer.write(new TextEncoder().encode(`${text}\n`));
  writer.releaseLock();
}

/**
 * Milliseconds in which one Ctrl-C may arrive several times: a terminal sends it to all processes of
 * a command, and `deno task` hands it on to them once more.
 */
const SAME_INTERRUPT = 500;

/** A listener for Ctrl-C, until it is disposed of. */
export interface Interrupt extends Disposable {
  /** Fires at the first Ctrl-C; its reason is the error that the command should end with. */
  readonly signal: AbortSignal;
}

/**
 * Listens for Ctrl-C, so that a command can end in order; the second one kills as usual.
 *
 * @param consequence What being stopped means and what to do, for the error's message.
 */
export function interruptSignal(
  consequence = "nothing was saved; run the command again",
): Interrupt {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const release = () => {
    clearTimeout(timer);
    Deno.removeSignalListener("SIGINT", onInterrupt);
  };
  const onInterrupt = () => {
    if (controller.signal.aborted) return;
    controller.abort(new Error(`stopped by Ctrl-C: ${consequence}`));
    timer = setTimeout(release, SAME_INTERRUPT);
    Deno.unrefTimer(timer);
  };
  Deno.addSignalListener("SIGINT", onInterrupt);
  return { signal: controller.signal, [Symbol.dispose]: release };
}

/** Of an image that is stamped, its digest says enough: its pixels are for manifests. */
function withoutPixels(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!("rgba" in value && "sha256" in value)) return value;
  const { rgba: _pixels, ...described } = value;
  return described;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}
