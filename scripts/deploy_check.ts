/**
 * `deno task deploy:check`: what of a deployment to Deno Deploy can be checked on this machine.
 *
 * @module
 */

import { join } from "node:path";
import { createCommand, finish, main } from "./cli/cli.ts";
import { printLine } from "./cli/print_line.ts";
import { projectPath } from "./cli/user_folder.ts";
import { questions } from "./deploy/ask_server.ts";
import { type Check, checkDeployed } from "./deploy/check_deployed.ts";
import { denoRelease } from "./deploy/deno_release.ts";
import { copyDeployed, forbidWriting, permitWriting, stateOf } from "./deploy/deployed_copy.ts";
import { isRoot, NOBODY } from "./deploy/deployed_server.ts";

/** The oldest Deno that the server runs on, which Deno Deploy has, and this one. */
const VERSIONS = ["2.5.7", Deno.version.deno];

/** Milliseconds after SIGINT at which Deno Deploy kills. */
const STOP_LIMIT = 5_000;

const command = createCommand(
  "deploy:check",
  "Run the server as Deno Deploy does, and look whether it serves: in a copy of what is deployed, " +
    `on Deno ${VERSIONS.join(" and ")}, without flags, with nothing to write to but its store.`,
  ["deploy:check", "deploy:check --json"],
).action(async ({ json }: { json?: boolean }) => {
  if (Deno.build.os !== "linux") {
    throw new Error(
      `Cannot check: the system must be Linux, as on Deno Deploy, got ${Deno.build.os}`,
    );
  }
  const room = await Deno.makeTempDir();
  try {
    // Of root's alone, unless others may look into it.
    await Deno.chmod(room, 0o755);
    const runs = await checkAll(room);
    const checks = runs.flatMap(({ checks }) => checks);
    const failed = checks.filter(({ passed }) => !passed).length;
    await finish({
      json: { passed: checks.length - failed, failed, runs },
      text: `${checks.length - failed} checks passed, ${failed} failed`,
      status: failed === 0 ? 0 : 1,
    }, { json });
  } finally {
    await permitWriting(room);
    await Deno.remove(room, { recursive: true });
  }
});

/** The checks on one version of Deno. */
interface Run {
  readonly deno: string;
  readonly checks: readonly Check[];
}

async function checkAll(room: string): Promise<Run[]> {
  const { folder, config, files } = await copyDeployed(projectPath(""), join(room, "app"));
  const { entrypoint, memoryLimit } = config.runtime;
  printLine(`${files} files are deployed, and what \`${config.install}\` installs`);
  await forbidWriting(folder);
  const digit = await Deno.readFile(join(folder, "fixtures/samples/7.png"));
  const runs: Run[] = [];
  for (const version of VERSIONS) {
    const deno = join(room, `deno-${version}`);
    await Deno.copyFile(await denoRelease(version), deno);
    await Deno.chmod(deno, 0o755);
    const store = join(room, `store-${version}`);
    await Deno.mkdir(store);
    if (isRoot()) await Deno.chown(store, NOBODY, NOBODY);
    const onCheck = (check: Check) => printLine(lineOf(version, check));
    const before = await stateOf(folder);
    const checks = await checkDeployed(
      {
        deno,
        args: ["run", "--allow-all", entrypoint],
        folder,
        env: {
          DENO_DEPLOY: "1",
          EDGEDOOR_KV: join(store, "kv.sqlite3"),
          // Not there, and cannot be made.
          DENO_DIR: join(folder, "cache"),
        },
      },
      {
        questions: questions(digit),
        limits: { memory: memoryLimit, stop: STOP_LIMIT },
        onCheck,
      },
    );
    const isUntouched = await stateOf(folder) === before;
    const detail = isUntouched
      ? "nothing but the store was written"
      : "what is deployed has changed";
    const files = { name: "files", passed: isUntouched, detail };
    onCheck(files);
    runs.push({ deno: version, checks: [...checks, files] });
  }
  return runs;
}

function lineOf(version: string, { name, passed, detail }: Check): string {
  return `${passed ? "ok    " : "FAILED"}  Deno ${version}  ${name.padEnd(6)}  ${detail}`;
}

if (import.meta.main) await main(command);
