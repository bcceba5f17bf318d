/**
 * `deno task test`: sets up what the tests need, runs them and the documentation's examples, those
 * of kernels, engines and training once more under `--turbo`'s flags, and closes with a line that
 * counts them. Not named `test.ts`, which `deno test` would take for a test.
 *
 * @module
 */

import { relative } from "node:path";
import { Option } from "commander";
import { integer } from "../scripts/cli/arguments.ts";
import { createCommand, finish, main } from "../scripts/cli/cli.ts";
import { printLine } from "../scripts/cli/print_line.ts";
import { setUpTestTools, type TestEnvironment } from "./tools/test_tools.ts";
import { TURBO_FLAGS } from "../scripts/cli/turbo.ts";
import { fromProject } from "../scripts/cli/user_folder.ts";

/** Folders whose tests run kernels: they must hold with bounds checks and without. */
const TURBO_FOLDERS: readonly string[] = ["tests/lib/engine", "tests/lib/train", "tests/lib/wasm"];

interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** None should be: a skipped test fails the run. */
  readonly skipped: number;
}

/** fast-check takes seeds of 31 bits. */
const HIGHEST_SEED = 2 ** 31 - 1;

interface Options {
  readonly json?: boolean;
  readonly seed: number;
  readonly random?: boolean;
}

const command = createCommand("test", "Set up what the tests need, and run them.", [
  "test",
  "test tests/lib/trigger",
  "test --random tests/lib/wasm",
])
  .argument("[paths...]", "files and folders to test (default: all)")
  .option("--seed <n>", "seed of what tests draw at random", integer(0, HIGHEST_SEED), 1)
  .addOption(
    new Option("--random", "draw by a new seed, which is printed").conflicts("seed"),
  )
  .action(async (paths: string[], options: Options) => {
    const seed = options.random ? Math.floor(Math.random() * HIGHEST_SEED) : options.seed;
    printLine(`tests draw by seed ${seed}; to repeat them: deno task test --seed ${seed}`);
    const environment = {
      ...await setUpTestTools(printLine),
      EDGEDOOR_TEST_SEED: String(seed),
    };
    const wanted = paths.length > 0
      ? paths.map(fromProject)
      : ["README.md", "lib", "routes", "scripts", "tests"];
    const all = [await runTests(wanted, environment)];
    const turbo = turboPaths(wanted);
    if (turbo.length > 0) {
      printLine(`once more under V8's flags ${TURBO_FLAGS.join(" and ")}: ${turbo.join(", ")}`);
      // Tests are too short for V8 to optimise what they run, and only the optimiser fuses.
      const flags = [...TURBO_FLAGS, "--no-liftoff"].join(",");
      all.push(await runTests(turbo, { ...environment, DENO_V8_FLAGS: flags }));
    }
    const sum = (count: keyof Counts) => all.reduce((total, counts) => total + counts[count], 0);
    const [passed, failed, skipped] = [sum("passed"), sum("failed"), sum("skipped")];
    await finish({
      json: { seed, passed, failed, skipped },
      text: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
      status: passed > 0 && failed === 0 && skipped === 0 ? 0 : 1,
    }, options);
  });

if (import.meta.main) await main(command);

/**
 * The part of some paths that is tested under `--turbo`'s flags as well.
 *
 * @param paths Files and folders, relative to the project's.
 */
export function turboPaths(paths: readonly string[]): string[] {
  const isWithin = (path: string, folder: string) => !relative(folder, path).startsWith("..");
  return paths.flatMap((path) =>
    TURBO_FOLDERS.some((folder) => isWithin(path, folder))
      ? [path]
      : TURBO_FOLDERS.filter((folder) => isWithin(folder, path))
  );
}

/** Runs the tests in a process of their own; what they print goes to standard error. */
async function runTests(paths: readonly string[], env: TestEnvironment): Promise<Counts> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "-A", "--doc", "--no-check"],
        ...["--preload=tests/kernel_build.ts", "--preload=tests/random_seed.ts"],
        ...[`--junit-path=${report}`, ...paths],
      ],
      cwd: new URL("..", import.meta.url),
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    await child.stdout.pipeTo(Deno.stderr.writable, { preventClose: true });
    const { success } = await child.status;
    const counts = readCounts(await Deno.readTextFile(report));
    // A file that cannot be loaded counts as no test in the report, yet the run has failed.
    return success || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } finally {
    await Deno.remove(report);
  }
}

/** The sums of a JUnit report. */
function readCounts(report: string): Counts {
  const head = /<testsuites [^>]*>/.exec(report)?.[0] ?? "";
  const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  const skipped = report.match(/<skipped\b/g)?.length ?? 0;
  return { passed: count("tests") - failed - skipped, failed, skipped };
}
