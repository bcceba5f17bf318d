/**
 * `deno task bench`: each kernel at the networks' sizes, tfjs's operations with the kernels and
 * without, each network's forward pass and gradient to the images; one core.
 *
 * @module
 */

import { UsageError } from "../../lib/core/errors.ts";
import { main } from "../cli/cli.ts";
import {
  beginBench,
  type BenchFlags,
  createBenchCommand,
  finishBench,
  roundsOf,
  showAnswers,
} from "./bench_command.ts";
import { interleave, type Samples, type Variant } from "./interleave.ts";
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
    const provenance = await beginBench("bench", flags);
    const { quick, only } = flags;
    const kernels = { images: quick ? 2 : 128, seconds: quick ? 0.002 : 0.1, only };
    // The stock backend takes seconds for a gradient of 128 images.
    const operations = { ...kernels, images: Math.min(kernels.images, 32) };
    // A network is much code for V8 to optimise first.
    const networks = { ...kernels, seconds: 3 * kernels.seconds };
    const measure = (what: string, variants: readonly Variant[]): Promise<Samples> =>
      interleave(variants, { rounds: roundsOf(flags, 3), onAnswer: showAnswers(what) });
    const sections = [
      kernelSection(await measure("kernels", variantsOf("kernels", kernels)), kernels),
      operationSection(await measure("operations", operationVariants(operations)), operations),
      networkSection(await measure("networks", variantsOf("networks", networks)), networks),
    ];
    // With --only, some have nothing to show.
    const shown = sections.filter(({ tables }) => tables.some(({ rows }) => rows.length > 0));
    if (shown.length === 0) {
      throw new UsageError(
        `Cannot measure: --only must be part of a name, got "${only}", which is in none; leave it ` +
          "out to see them",
      );
    }
    await finishBench(provenance, shown, flags);
  });

if (import.meta.main) await main(command);

/** A program under each setting of V8's flags. */
function variantsOf(program: string, options: TimingOptions): Variant[] {
  return settings.map(({ name, turbo }) => ({
    name,
    measure: () => runProgram(denoProgram(program, options, { turbo })),
  }));
}

/** tfjs's operations with the drop-in kernels and without, under each setting of V8's flags. */
function operationVariants(options: TimingOptions): Variant[] {
  return settings.flatMap(({ name, stockName, turbo }) =>
    [name, stockName].map((variant) => {
      const operations: OperationOptions = { ...options, stock: variant === stockName };
      return {
        name: variant,
        measure: () => runProgram(denoProgram("operations", operations, { turbo })),
      };
    })
  );
}
