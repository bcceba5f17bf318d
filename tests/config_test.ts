/** `deno.json`, and `deno.run.json`, by which the commands run that people use. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { permissions } from "../scripts/cli/permissions.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

interface Config {
  readonly unstable: readonly string[];
  readonly imports: Readonly<Record<string, string>>;
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
}

interface Lock {
  readonly npm: Readonly<Record<string, { readonly integrity: string }>>;
}

async function read<T>(file: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(`${root}${file}`));
}

const whole = await read<Config>("deno.json");
const slim = await read<Config>("deno.run.json");

/** The task of a script that Deno runs, taken apart. */
function partsOf(command: string): { config: string; flags: string[]; script: string } | null {
  const [, config, flags, script] =
    /^deno run (--config=deno\.run\.json|--node-modules-dir=auto) (.*) ((?:scripts|tests)\/\S+\.ts)$/
      .exec(command) ?? [];
  if (config === undefined || flags === undefined || script === undefined) return null;
  return { config, flags: flags.split(" "), script };
}

const scripts = Object.entries(whole.tasks).flatMap(([task, { command }]) => {
  const parts = partsOf(command);
  return parts === null ? [] : [{ task, ...parts }];
});

Deno.test("every task but the gate runs a script, its permissions spelt as programs spell them", () => {
  const others = Object.keys(whole.tasks).filter((task) =>
    !scripts.some((script) => script.task === task)
  );
  assert.deepEqual(others, ["ok"]);
  const all: readonly (readonly string[])[] = [permissions.serve, permissions.train, ["-A"]];
  for (const { task, flags } of scripts) {
    assert.ok(all.some((set) => set.join(" ") === flags.join(" ")), `${task}: ${flags.join(" ")}`);
  }
  const serving = scripts.filter(({ flags }) => flags.join(" ") === permissions.serve.join(" "));
  assert.deepEqual(serving.map(({ task }) => task), ["start"], "nothing else runs so");
});

Deno.test("the slim configuration is a part of the whole one, with the same packages", async () => {
  for (const [name, specifier] of Object.entries(slim.imports)) {
    assert.equal(whole.imports[name], specifier);
  }
  assert.deepEqual(slim.unstable, whole.unstable);
  for (const [option, value] of Object.entries(slim.compilerOptions)) {
    assert.deepEqual(whole.compilerOptions[option], value);
  }
  const [{ npm: part }, { npm: all }] = [
    await read<Lock>("deno.run.lock"),
    await read<Lock>("deno.lock"),
  ];
  for (const [name, { integrity }] of Object.entries(part)) {
    assert.equal(all[name]?.integrity, integrity, name);
  }
});

Deno.test("what runs by the slim configuration imports nothing that it has not", async () => {
  const paths = scripts.filter(({ config }) => config.includes("deno.run.json"))
    .map(({ script }) => script);
  assert.ok(paths.length > 5);
  const used = new Set<string>();
  // Two files are imported by a computed name, which no graph shows.
  const computed = ["lib/serve/tfjs_classifier.ts", "routes/metrics.ts"];
  for (const path of ["main.ts", ...computed, ...paths]) {
    const { stdout, success } = await new Deno.Command(Deno.execPath(), {
      // Without a folder for packages: Deno would make this one's over, under the tests that run.
      args: ["info", "--json", "--config", "deno.run.json", "--node-modules-dir=none", path],
      cwd: root,
    }).output();
    assert.ok(success, path);
    const { modules, npmPackages }: {
      modules: { specifier: string; error?: string }[];
      npmPackages: Record<string, { name: string }>;
    } = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual(modules.filter(({ error }) => error !== undefined), [], path);
    Object.values(npmPackages).forEach(({ name }) => used.add(name));
  }
  const listed = Object.keys(slim.imports);
  assert.deepEqual(listed.filter((name) => !used.has(name)), [], "nothing needs them");
});
