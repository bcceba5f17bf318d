/** No file imports itself by way of others, not even for its types: each can be read on its own. */

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { type Import, importsOf, isAssembly, root, sources } from "./imports.ts";

/** The imports of AssemblyScript, whose specifiers Deno does not resolve. */
async function assemblyImportsOf(paths: readonly string[]): Promise<Import[]> {
  const imports = await Promise.all(paths.map(async (from) => {
    const text = await Deno.readTextFile(`${root}${from}`);
    return [...text.matchAll(/^\} from "(.+)";$|^(?:ex|im)port .* from "(.+)";$/gm)]
      .map(([, after, behind]) => ({
        from,
        to: `${join(dirname(from), (after ?? behind)!)}.ts`,
        isType: false,
      }));
  }));
  return imports.flat();
}

/** Circles of imports, each as the files on its way; one of each knot of them at least. */
function circlesOf(imports: readonly Pick<Import, "from" | "to">[]): string[] {
  const imported = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const way: string[] = [];
  const circles: string[] = [];
  const follow = (file: string) => {
    if (done.has(file)) return;
    const met = way.indexOf(file);
    if (met >= 0) {
      circles.push([...way.slice(met), file].join(" → "));
      return;
    }
    way.push(file);
    for (const { to } of imported.get(file) ?? []) follow(to);
    way.pop();
    done.add(file);
  };
  for (const file of imported.keys()) follow(file);
  return circles;
}

Deno.test("no file imports itself by way of others", async () => {
  const paths = sources("lib", "routes", "scripts");
  const assembly = paths.filter(isAssembly);
  const ofAssembly = await assemblyImportsOf(assembly);
  const files = new Set(ofAssembly.flatMap(({ from, to }) => [from, to]));
  assert.deepEqual([...files].sort(), assembly.sort(), "each is found, and no other");
  const imports = [...await importsOf(paths.filter((path) => !isAssembly(path))), ...ofAssembly];
  assert.deepEqual(circlesOf(imports), []);
});

Deno.test("circles are noticed, however they lie", () => {
  const cases: readonly [imports: readonly string[], circles: readonly string[]][] = [
    [["ab", "ac", "bd", "cd"], []],
    [["aa"], ["a → a"]],
    [["ab", "ba"], ["a → b → a"]],
    [["ab", "bc", "cd", "db", "ce"], ["b → c → d → b"]],
    [["ab", "ba", "cd", "dc", "ac"], ["a → b → a", "c → d → c"]],
  ];
  for (const [imports, circles] of cases) {
    const list = imports.map(([from = "", to = ""]) => ({ from, to }));
    assert.deepEqual(circlesOf(list), circles);
  }
});
