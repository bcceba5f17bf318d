/**
 * `deno task bench`: each kernel at the networks' sizes, tfjs's operations with the kernels and
 * without, each network's forward pass and gradient to the images; one core.
 *
 * @module
 */

import { main } from "../cli.ts";
import { checkV8Flags, TURBO_FLAGS } from "../turbo.ts";
import {
  type BenchFlags,
  checkSave,
  createBenchCommand,
  finishBench,
  roundsOf,
  showAnswers,
} from "./bench_command.ts";
import { interleave } from "./interleave.ts";
import { kernelSection, networkSection, operationSection, settings } from "./micro_report.ts";
import { denoProgram, runProgram } from "./program.ts";
import type { TimingOptions } from "./programs/kernels.ts";
import type { OperationOptions } from "./programs/operations.ts";

interface Flags extends BenchFlags {
  readonly only?: string;
}

const command = createBenchCommand(
  "bench",
  "Measure each kernel, and each network's forward pass and gradient to the images, on one core.",
  ["bench", "bench --only matMul", "bench --quick --json", "bench --rounds 5 --save"],
)
  .option("--only <text>", "only what has this in its name (default: all)")
  .action(async (flags: Flags) => {
    checkSave(flags);
    await checkV8Flags(TURBO_FLAGS);
    const options = { images: flags.quick ? 2 : 128, seconds: flags.quick ? 0.002 : 0.1 };
    const rounds = roundsOf(flags, 3);
    const measure = (what: string, variants: Parameters<typeof interleave>[0]) =>
      interleave(variants, { rounds, onAnswer: showAnswers(what) });
    const timing: TimingOptions = { ...options, only: flags.only };
    // The stock backend takes seconds for a gradient of 128 images.
    const operations = { ...timing, images: Math.min(options.images, 32) };
    const sections = [
      kernelSection(
        await measure(
          "kernels",
          settings.map(({ name, turbo }) => ({
            name,
            measure: () => runProgram(denoProgram("kernels", timing, { turbo })),
          })),
        ),
        timing,
      ),
      operationSection(
        await measure(
          "operations",
          settings.flatMap(({ name, stock: stockName, turbo }) =>
            [false, true].map((stock) => ({
              name: stock ? stockName : name,
              measure: () =>
                runProgram(
                  denoProgram(
                    "operations",
                    { ...operations, stock } satisfies OperationOptions,
                    { turbo },
                  ),
                ),
            }))
          ),
        ),
        operations,
      ),
      networkSection(
        await measure(
          "networks",
          settings.map(({ name, turbo }) => ({
            name,
            measure: () => runProgram(denoProgram("networks", timing, { turbo })),
          })),
        ),
        timing,
      ),
    ];
    // With --only, some have nothing to show.
    const shown = sections.filter(({ tables }) => tables.some(({ rows }) => rows.length > 0));
    await finishBench("bench", shown, flags);
  });

if (import.meta.main) await main(command);
