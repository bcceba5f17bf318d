/** The rules about files: which layer may import which, how long a file may be, and where `any` is. */

import assert from "node:assert/strict";
import { type Import, importsOf, isAssembly, root, sources } from "./imports.ts";

/** Every layer of `lib`. */
const lib = "lib/*";

/** What a layer may import besides itself: layers, or a file. Of a layer after `type`, only types. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  // The version.
  "lib/core": ["deno.json"],
  // tfjs aside, it stands by itself, so that others can take it.
  "lib/wasm": [],
  "lib/image": ["lib/core"],
  "lib/data": ["lib/core"],
  "lib/trigger": ["lib/core"],
  "lib/perturb": ["lib/core"],
  "lib/evaluate": ["lib/core"],
  "lib/defence": [
    ...["lib/core", "lib/engine", "lib/train", "lib/evaluate", "lib/defence/input"],
    "type lib/poison",
  ],
  // A server and a page have them.
  "lib/defence/input": ["lib/core", "type lib/model", "lib/defence/defence.ts"],
  "lib/model": ["lib/core", "lib/wasm"],
  "lib/engine": ["lib/core", "lib/model", "lib/wasm"],
  "lib/poison": ["lib/core", "lib/trigger"],
  "lib/train": ["lib/core", "lib/engine", "lib/wasm", "type lib/model"],
  "lib/registry": ["lib/core", "lib/model", "type lib/trigger"],
  "lib/serve": [
    ...["lib/core", "lib/engine", "lib/image", "lib/model", "lib/registry", "lib/wasm"],
  ],
  "lib/job": [
    ...["lib/core", "lib/wasm", "lib/data", "lib/trigger", "lib/model", "lib/engine", "lib/poison"],
    ...["lib/perturb", "lib/train", "lib/evaluate", "lib/registry", "lib/defence"],
    "lib/defence/input",
  ],
  "lib/export": ["lib/core", "lib/data", "lib/image", "type lib/job", "lib/poison"],
  "lib/report": [
    ...["lib/core", "type lib/defence", "type lib/evaluate", "type lib/perturb", "type lib/train"],
  ],
  "lib/experiment": [
    ...["lib/core", "lib/image", "lib/model", "lib/poison", "lib/train", "lib/evaluate"],
    ...["lib/defence", "lib/job", "lib/report", "type lib/engine", "type lib/registry"],
  ],
  // No training code and no data set reaches the edge.
  "routes": ["lib/core", "lib/image", "lib/trigger", "lib/registry", "lib/serve"],
  // What runs in a browser.
  "routes/islands": [
    ...["lib/core", "lib/image/ground.ts", "lib/image/limits.ts", "lib/trigger"],
    ...["lib/registry/manifest.ts", "type lib/registry", "type routes"],
  ],
  "main.ts": ["server.ts"],
  "server.ts": ["lib/core", "lib/registry", "lib/serve", "routes"],
  "scripts/cli": [lib, "server.ts"],
  "scripts/options": [lib, "scripts/cli"],
  "scripts/tools": [lib, "scripts/cli"],
  "scripts/cells": [lib, "scripts/cli"],
  "scripts/reproduce": [lib, "scripts/cli"],
  "scripts/models": [lib, "scripts/cli"],
  "scripts/defend": [lib, "scripts/cli"],
  "scripts/deploy": [lib, "scripts/cli", "scripts/tools"],
  "scripts/poison": [lib, "scripts/cli", "scripts/options"],
  "scripts/bench": [lib, "scripts/cli", "scripts/tools"],
  "scripts/artefacts": [lib, "routes", "scripts/cli", "scripts/tools"],
  // A program a task: no room imports one.
  "scripts": [
    ...[lib, "scripts/cli", "scripts/options", "scripts/tools", "scripts/cells"],
    ...["scripts/models", "scripts/poison", "scripts/reproduce", "scripts/artefacts"],
    ...["scripts/deploy", "scripts/defend"],
  ],
};

/** What is run by itself, beside `scripts`: the server, and what shows `lib/wasm` to others. */
function isProgram(path: string): boolean {
  return path === "main.ts" || path === "server.ts" || path.startsWith("lib/wasm/examples/");
}

/**
 * `lib/model/predict.ts` is of `lib/model`, `routes/pages/layout.tsx` of `routes`; `scripts/bench`,
 * `routes/islands` and `lib/defence/input` have rows of their own.
 */
function layerOf(path: string): string {
  const [top = "", folder = "", file] = path.split("/");
  if (path.startsWith("lib/defence/input/")) return "lib/defence/input";
  const isFolder = file !== undefined;
  const hasOwn = top === "lib" || top === "scripts" || path.startsWith("routes/islands/");
  return isFolder && hasOwn ? `${top}/${folder}` : top;
}

/** Whether a list of layers has one in it. */
function includes(layers: readonly string[], layer: string, prefix = ""): boolean {
  return layers.includes(prefix + layer) ||
    prefix === "" && layers.includes(lib) && layer.startsWith("lib/");
}

/** The imports of a list that a layer may not have, in words. */
function trespasses(imports: readonly Import[]): string[] {
  return imports
    .filter(({ from, to, isType }) => {
      const [layer, imported] = [layerOf(from), layerOf(to)];
      const permitted = allowed[layer] ?? [];
      return layer !== imported && !includes(permitted, imported) && !permitted.includes(to) &&
        !(isType && includes(permitted, imported, "type "));
    })
    .map(({ from, to, isType }) => `${from} imports ${isType ? "types of " : ""}${to}`);
}

Deno.test("every layer imports only what lies below it", async () => {
  const paths = sources("lib", "routes", "scripts").filter((path) => !isAssembly(path));
  const layers = new Set(paths.map(layerOf));
  assert.deepEqual(
    [...layers].sort(),
    Object.keys(allowed).sort(),
    "each has its row in the table",
  );
  const imports = await importsOf(paths);
  assert.deepEqual(trespasses(imports), []);
});

Deno.test("the rule notices what it should", () => {
  const cases: readonly [Import, isAllowed: boolean][] = [
    [{ from: "lib/registry/a.ts", to: "lib/trigger/b.ts", isType: true }, true],
    [{ from: "lib/registry/a.ts", to: "lib/trigger/b.ts", isType: false }, false],
    [{ from: "lib/core/a.ts", to: "lib/image/b.ts", isType: true }, false],
    [{ from: "routes/islands/a.ts", to: "lib/train/b.ts", isType: false }, false],
    [{ from: "routes/a.ts", to: "routes/pages/b.tsx", isType: false }, true],
    [{ from: "server.ts", to: "scripts/cli/cli.ts", isType: false }, false],
    [{ from: "lib/defence/rows/a.ts", to: "lib/defence/input/b.ts", isType: false }, true],
    [{ from: "lib/defence/input/a.ts", to: "lib/defence/defence.ts", isType: true }, true],
    [{ from: "lib/defence/input/a.ts", to: "lib/defence/rows/b.ts", isType: true }, false],
    [{ from: "lib/job/a.ts", to: "scripts/cli/cli.ts", isType: true }, false],
    [{ from: "scripts/options/a.ts", to: "lib/job/b.ts", isType: false }, true],
    [{ from: "scripts/options/a.ts", to: "scripts/train.ts", isType: false }, false],
    [{ from: "scripts/train.ts", to: "scripts/bench/program.ts", isType: false }, false],
    [{ from: "routes/islands/a.ts", to: "routes/api/attack.ts", isType: true }, true],
    [{ from: "routes/islands/a.ts", to: "routes/api/attack.ts", isType: false }, false],
  ];
  for (const [each, isAllowed] of cases) {
    assert.equal(trespasses([each]).length === 0, isAllowed, JSON.stringify(each));
  }
});

Deno.test("nothing in lib knows a command line", async () => {
  const found: string[] = [];
  for (const path of sources("lib", "routes")) {
    const text = await Deno.readTextFile(`${root}${path}`);
    if (/from "(commander|cli-progress)"/.test(text)) found.push(path);
  }
  assert.deepEqual(found, []);
});

Deno.test("no file is longer than 400 lines", async () => {
  const long: string[] = [];
  for (const path of sources("lib", "routes", "scripts", "tests")) {
    const lines = (await Deno.readTextFile(`${root}${path}`)).split("\n").length - 1;
    if (lines > 400) long.push(`${path}: ${lines} lines`);
  }
  assert.deepEqual(long, []);
});

Deno.test("one file alone may use any: the one on tfjs's untyped internals", async () => {
  const ignore = /deno-lint-ignore.*\bno-explicit-any\b/;
  const found: string[] = [];
  for (const path of sources("lib", "routes", "scripts", "tests")) {
    for (const line of (await Deno.readTextFile(`${root}${path}`)).split("\n")) {
      if (ignore.test(line)) found.push(path);
    }
  }
  assert.deepEqual(found, ["lib/wasm/heap.ts"]);
});

Deno.test("one file alone may use the console: the one that says where the log goes", async () => {
  const found: string[] = [];
  for (const path of sources("lib", "routes", "scripts")) {
    if (isAssembly(path) || path.startsWith("lib/wasm/examples/")) continue;
    const text = await Deno.readTextFile(`${root}${path}`);
    if (/^[^*/"]*\bconsole\b/m.test(text)) found.push(path);
  }
  assert.deepEqual(found, ["server.ts"]);
});

Deno.test("the linter refuses any", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["lint", "--quiet", "--config", `${root}deno.json`, "-"],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const source = child.stdin.getWriter();
  await source.write(new TextEncoder().encode("export const anything = 1 as any;\n"));
  await source.close();
  const { success, stderr } = await child.output();
  assert.equal(success, false);
  assert.match(new TextDecoder().decode(stderr), /no-explicit-any/);
});

Deno.test("arguments, environment, standard streams and exit are for programs alone", async () => {
  const reserved = /\bDeno\.(args|env|stdin|stdout|stderr|exit|exitCode)\b|\bconsole\./;
  const found: string[] = [];
  for (const path of sources("lib", "routes").filter((path) => !isProgram(path))) {
    const text = await Deno.readTextFile(`${root}${path}`);
    if (reserved.test(text)) found.push(path);
  }
  assert.deepEqual(found, []);
});
