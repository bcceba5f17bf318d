/** `reproduce`: interrupted, killed, and run again; what it refuses. */

import assert from "node:assert/strict";
import { runCommand, startCommand, withFolder } from "./run_command.ts";

/** Two small models, one after the other. */
const two = ["badnets", "--quick", "--only", "baseline-seed", "--workers", "1"];

/** The processes that a process has started (Linux). */
async function childrenOf(pid: number): Promise<string[]> {
  const list = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  return list.split(" ").filter(Boolean);
}

/** Waits until a process is no more. */
async function isGone(pid: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    try {
      const status = await Deno.readTextFile(`/proc/${pid}/stat`);
      // Ended, and not yet asked after by anyone.
      if (/\) Z /.test(status)) return;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`process ${pid} goes on`);
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("stopped by Ctrl-C and killed, it goes on where it was, to the same report", () =>
  withFolder(async (folder) => {
    const broken = `${folder}/broken`;
    const args = [...two, "--results", broken, "--json"];
    const interrupted = startCommand("reproduce", args);
    await interrupted.waitFor(/^badnets baseline-seed-1: clean accuracy/m);
    const [cell] = await childrenOf(interrupted.pid);
    interrupted.kill("SIGINT");
    const { status, stdout, stderr } = await interrupted.outcome;
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(
      stderr,
      /\nerror: stopped by Ctrl-C: what is trained stays; run the command again to go on\n$/,
    );
    if (cell !== undefined) await isGone(cell);
    assert.deepEqual(namesIn(`${broken}/quick`), ["badnets"], "no report of a part");

    const killed = startCommand("reproduce", args);
    await killed.waitFor(/^1 of 2 models, 50 %.*; training baseline-seed-2$/m);
    const children = await childrenOf(killed.pid);
    assert.equal(children.length, 1);
    killed.kill("SIGKILL");
    await killed.outcome;
    await isGone(children[0]!);
    assert.deepEqual(namesIn(`${broken}/quick/badnets/cells`), ["baseline-seed-1.json"]);

    const [{ trained, models, missing, failed, json, html }] = JSON.parse(
      (await runCommand("reproduce", args)).stdout,
    ).experiments;
    assert.deepEqual([trained, models, failed], [1, 2, []]);
    assert.deepEqual([json, html], [
      `${broken}/quick/badnets.json`,
      `${broken}/quick/badnets.html`,
    ]);
    assert.ok(missing.length > 0, "the rest of the grid");

    const whole = `${folder}/whole`;
    const parallel = [...two.slice(0, -1), "2", "--results", whole];
    assert.equal((await runCommand("reproduce", parallel)).status, 0);
    for (
      const name of ["badnets.json", "badnets.html", "badnets/figures/filters-baseline-seed-1.svg"]
    ) {
      assert.equal(
        await Deno.readTextFile(`${broken}/quick/${name}`),
        await Deno.readTextFile(`${whole}/quick/${name}`),
        name,
      );
    }

    // What another run has found is taken as it is.
    const taken = [...two, "--results", `${folder}/taken`, "--from", `${whole}/quick/badnets.json`];
    const outcome = await runCommand("reproduce", [...taken, "--json"]);
    assert.equal(JSON.parse(outcome.stdout).experiments[0].trained, 0);
    assert.equal(
      await Deno.readTextFile(`${folder}/taken/quick/badnets.json`),
      await Deno.readTextFile(`${whole}/quick/badnets.json`),
    );
  }));

Deno.test("--report-only makes all reports from the committed results, which stay as they are", () =>
  withFolder(async (folder) => {
    const experiments = ["article", "badnets", "clean-label"];
    const committed = (name: string) => Deno.readTextFile(`results/${name}.json`);
    for (const name of experiments) {
      await Deno.writeTextFile(`${folder}/${name}.json`, await committed(name));
    }
    // No data set can be read there.
    const args = ["all", "--report-only", "--results", folder, "--json"];
    const { status, stdout, stderr } = await runCommand("reproduce", args);
    assert.deepEqual([status, stderr], [0, ""]);
    const outcomes = JSON.parse(stdout).experiments;
    assert.deepEqual(outcomes.map((outcome: { trained: number }) => outcome.trained), [0, 0, 0]);
    assert.deepEqual(
      namesIn(folder),
      experiments.flatMap((name) => [name, `${name}.html`, `${name}.json`]),
    );
    for (const name of experiments) {
      assert.equal(await Deno.readTextFile(`${folder}/${name}.json`), await committed(name));
      const page = await Deno.readTextFile(`${folder}/${name}.html`);
      const linked = [...page.matchAll(/<a href="([a-z-]+)\.html">/g)].map(([, other]) => other);
      assert.deepEqual(linked, experiments.filter((other) => other !== name));
      const report = JSON.parse(await Deno.readTextFile(`${folder}/${name}/report.json`));
      assert.deepEqual([report.experiment, report.missing], [name, []]);
      assert.ok(report.comparisons.some(({ verdict }: { verdict: string }) => verdict !== null));
      for (const { figures } of report.sections) {
        for (const { file } of figures) {
          assert.match(await Deno.readTextFile(`${folder}/${name}/${file}`), /^<svg .*<\/svg>\n$/s);
        }
      }
    }
  }));

Deno.test("a run and --report-only make the same page of the same results", () =>
  withFolder(async (folder) => {
    const only = ["--only", "mnist-clean-one-cycle-seed-1", "--from", "results/article.json"];
    const run = await runCommand("reproduce", ["article", ...only, "--results", folder]);
    assert.equal(run.status, 0, run.stderr);
    const page = await Deno.readTextFile(`${folder}/article.html`);
    await Deno.remove(`${folder}/article.html`);
    const again = ["article", "--report-only", "--results", folder];
    const { status, stdout } = await runCommand("reproduce", again);
    assert.equal(status, 0);
    assert.match(stdout, /\n32 models, 0 missing\nreport: .*article\.html\n$/);
    assert.equal(await Deno.readTextFile(`${folder}/article.html`), page);
  }));

Deno.test("a grid's percentages may be asked for without its classes", () =>
  withFolder(async (folder) => {
    const only = "success-mnist-none-class-0-share-0.015";
    const args = ["clean-label", "--percentages", "50", "--only", only, "--results", folder];
    const outcome = await runCommand("reproduce", [...args, "--from", "results/clean-label.json"]);
    assert.equal(outcome.status, 0, outcome.stderr);
    assert.match(outcome.stdout, /, 0 of them trained now, /);
    const { grid, cells } = JSON.parse(await Deno.readTextFile(`${folder}/clean-label.json`));
    assert.deepEqual(grid, { percentages: [50] });
    assert.ok(cells.some(({ id }: { id: string }) => id === only));
  }));

Deno.test("a model whose process dies is named at the end, in one line", () =>
  withFolder(async (folder) => {
    const args = ["badnets", "--quick", "--only", "baseline-seed-1", "--results", folder];
    const command = startCommand("reproduce", args);
    await command.waitFor(/ training baseline-seed-1$/m);
    const [cell] = await childrenOf(command.pid);
    Deno.kill(Number(cell), "SIGKILL");
    const { status, stdout, stderr } = await command.outcome;
    assert.equal(status, 1);
    assert.match(stdout, /1 failed\nreport: /);
    assert.match(
      stderr,
      /\nerror: Cannot train baseline-seed-1: its process ended with status 137.*run the command again\n$/,
    );
  }));

Deno.test("a place that cannot hold results is refused before the work", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "in the way");
    const args = ["badnets", "--quick", "--results", `${folder}/file`];
    const { status, stdout, stderr } = await runCommand("reproduce", args);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(
      stderr,
      /^error: Cannot write to .*file\/quick: .*, got none: part of its path is a file; choose another by --results\n$/,
    );
    assert.equal(await Deno.readTextFile(`${folder}/file`), "in the way");
  }));

const mistakes: readonly [args: readonly string[], status: 1 | 2, message: RegExp][] = [
  [[], 2, /missing required argument 'experiment'/],
  [["resnets"], 2, /It must be one of article, badnets, .*all/],
  [["badnets", "--only", "nothing"], 2, /no model's name contains "nothing" \(--only\)/],
  [["badnets", "--only", "baseline,"], 2, /It must not be empty, nor have a comma too many/],
  [
    ["badnets", "--only", "baseline,singel"],
    2,
    /no model's name contains "singel" \(--only\); the first is base/,
  ],
  [["badnets", "--quick", "--from", "fixtures"], 2, /must be what an earlier .* got a folder/],
  [
    ["all", "--only", "nothing,nowhere"],
    2,
    /contains "nothing" \(--only\); the first is mnist-clean-article-/,
  ],
  [["badnets", "--classes", "1"], 2, /--classes and --percentages cannot be combined with badnets/],
  [["all", "--quick", "--percentages", "5"], 2, /cannot be combined with --quick/],
  [["all", "--from", "results/article.json"], 2, /--from cannot be combined with all/],
  [["badnets", "--workers", "0"], 2, /must be an integer from 1/],
  [
    ["badnets", "--quick", "--from", "/no/such"],
    2,
    /\/no\/such must be a file, got nothing there; correct --from/,
  ],
  [["badnets", "--quick", "--from", "deno.json"], 2, /must be what an earlier .* got something/],
  [
    ["badnets", "--report-only", "--only", "baseline", "--data-dir", "/no/such"],
    2,
    /--report-only, which trains nothing, cannot be combined with --only, --data-dir;/,
  ],
  [
    ["badnets", "--report-only"],
    2,
    /must have results, got no badnets\.json; run reproduce without/,
  ],
  [
    ["all", "--report-only", "--quick"],
    2,
    /quick must have results, got no article\.json or badnets/,
  ],
  [["badnets", "--data-dir", "/no/such"], 1, /Cannot find train-images-idx3-ubyte/],
];
for (const [args, status, message] of mistakes) {
  Deno.test(`reproduce ${args.join(" ")} ends with status ${status} and one line`, () =>
    withFolder(async (folder) => {
      const outcome = await runCommand("reproduce", [...args, "--results", folder]);
      assert.match(outcome.stderr, /^error: .*\n$/);
      assert.match(outcome.stderr, message);
      assert.deepEqual([outcome.status, outcome.stdout], [status, ""]);
      assert.deepEqual(namesIn(folder), []);
    }));
}
