/**
 * `deno task bench:serve`: the server, measured from outside.
 *
 * @module
 */

import { resolve } from "node:path";
import { UsageError } from "../../lib/core/errors.ts";
import { between, integer, listOf, oneOf } from "../cli/arguments.ts";
import { main } from "../cli/cli.ts";
import {
  beginBench,
  type BenchFlags,
  createBenchCommand,
  finishBench,
  roundsOf,
  showAnswers,
} from "./bench_command.ts";
import { setUpPeers } from "./peers/environment.ts";
import { loadInputs } from "./serve/inputs.ts";
import { measureParts } from "./serve/measure_parts.ts";
import { type Part, parts } from "./serve/serve_options.ts";

interface Flags extends BenchFlags {
  readonly only?: readonly Part[];
  readonly seconds?: number;
  readonly confirm?: number;
  readonly connections: number;
  readonly workers?: number;
  readonly soak?: number;
  readonly peers?: boolean;
  readonly python?: string;
}

/** Seconds of a measurement, seconds of the run that confirms a rate, and giant images. */
const SIZES = {
  usual: { seconds: 4, confirm: 60, burst: { images: 64, times: 3 } },
  quick: { seconds: 1.5, confirm: 6, burst: { images: 8, times: 1 } },
} as const;

const ROUNDS = 3;

const command = createBenchCommand(
  "bench:serve",
  "Measure the server from outside: latency, throughput, a fixed rate, cold start, memory.",
  [
    "bench:serve",
    "bench:serve --peers --save",
    "bench:serve --only rate --soak 10",
    "bench:serve --quick --peers --json",
  ],
)
  .option(
    "--only <parts>",
    `parts to measure, separated by commas (choices: ${parts.join(", ")}; default: all but soak)`,
    listOf(oneOf(parts)),
  )
  .option("--seconds <n>", "length of one measurement (default: 4)", between(0.5, 600))
  .option(
    "--confirm <n>",
    "seconds for which a rate must be held (default: 60)",
    between(0.5, 3600),
  )
  .option("--connections <n>", "clients at saturation", integer(1, 1000), 16)
  .option(
    "--workers <n>",
    "edgedoor is measured by 1 and by so many workers (default: the cores)",
    integer(1, 64),
  )
  .option("--soak <minutes>", "load it for so long at half the rate it holds", between(0.05, 600))
  .option("--peers", "measure FastAPI with PyTorch and onnxruntime too; makes .cache/peers")
  .option("--python <path>", "a Python with what peers/requirements.txt asks for")
  .action(async (flags: Flags) => {
    if (flags.python !== undefined && !flags.peers) {
      throw new UsageError("Cannot measure: --python must come with --peers, got it alone");
    }
    const provenance = await beginBench("bench:serve", flags);
    const { seconds, confirm, burst } = SIZES[flags.quick ? "quick" : "usual"];
    const python = flags.peers ? pythonOf(flags) ?? await setUpPeers() : undefined;
    const sections = await measureParts({
      parts: partsOf(flags),
      inputs: await loadInputs(),
      seconds: flags.seconds ?? seconds,
      confirmation: flags.confirm ?? confirm,
      connections: flags.connections,
      burst,
      workers: flags.workers ?? navigator.hardwareConcurrency,
      soak: flags.soak ?? 10,
      rounds: roundsOf(flags, ROUNDS),
      python,
      show: showAnswers,
    });
    await finishBench(provenance, sections, flags);
  });

if (import.meta.main) await main(command);

function partsOf({ only = parts.filter((part) => part !== "soak"), soak }: Flags): Set<Part> {
  return new Set(soak === undefined ? only : [...only, "soak"]);
}

/** The Python that is given: a program that is found, or a path from where the user stands. */
function pythonOf({ python }: Flags): string | undefined {
  return python?.includes("/") ? resolve(python) : python;
}
