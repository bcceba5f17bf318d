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
import { type CaseName, caseName } from "./cases/kernel_case.ts";
import { kernelCases } from "./cases/kernel_cases.ts";
import { networkCases } from "./cases/network_cases.ts";
import { operationCases } from "./cases/operation_cases.ts";
import { interleave, type Samples, type Variant } from "./interleave.ts";
import { kernelSection, networkSection, operationSection, settings } from "./micro_report.ts";
import { denoProgram, runProgram } from "./program.ts";
import type { Section } from "./report.ts";
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
    const { quick, only } = flags;
    const kernels = { images: quick ? 2 : 128, seconds: quick ? 0.002 : 0.1, only };
    // The stock backend takes seconds for a gradient of 128 images.
    const operations = { ...kernels, images: Math.min(kernels.images, 32) };
    // A network is much code for V8 to optimise first.
    const networks = { ...kernels, seconds: 3 * kernels.seconds };
    const hasSome = (cases: readonly CaseName[]) =>
      cases.some((each) => caseName(each).includes(only ?? ""));
    const wanted = {
      kernels: hasSome(kernelCases(kernels.images)),
      operations: hasSome(operationCases(operations.images)),
      networks: hasSome(networkCases(networks.images)),
    };
    if (!Object.values(wanted).includes(true)) {
      throw new UsageError(
        `Cannot measure: no name contains "${only}" (--only); leave it out to see them`,
      );
    }
    const provenance = await beginBench("bench", flags);
    const measure = (what: keyof typeof wanted, variants: readonly Variant[]): Promise<Samples> =>
      interleave(variants, { rounds: roundsOf(flags, 3), onAnswer: showAnswers(what) });
    const sections: Section[] = [];
    if (wanted.kernels) {
      const samples = await measure("kernels", variantsOf("kernels", kernels));
      sections.push(kernelSection(samples, kernels));
    }
    if (wanted.operations) {
      const samples = await measure("operations", operationVariants(operations));
      sections.push(operationSection(samples, operations));
    }
    if (wanted.networks) {
      const samples = await measure("networks", variantsOf("networks", networks));
      sections.push(networkSection(samples, networks));
    }
    await finishBench(provenance, sections, flags);
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
