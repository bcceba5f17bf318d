/** The project's files, and which of them import which. */

import assert from "node:assert/strict";
import { dirname, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The root of the project, with a slash at its end. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** One import of one of our files by another, both from the root of the project. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

/** All files under some folders, from the root of the project. */
function filesIn(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    [...Deno.readDirSync(`${root}${folder}`)].flatMap(({ name, isDirectory }) => {
      const path = `${folder}/${name}`;
      return isDirectory ? filesIn([path]) : [path];
    })
  );
}

/** All sources under some folders, and those of the root. */
export function sources(...folders: string[]): string[] {
  return [...filesIn(folders), "main.ts", "server.ts"].filter((path) => /\.tsx?$/.test(path));
}

/** AssemblyScript, which is compiled by its own compiler and imports nothing but itself. */
export function isAssembly(path: string): boolean {
  return /^lib\/(image|wasm)\/assembly\//.test(path);
}

/** What `deno info --json` says of a module, as far as it is looked at here. */
interface ModuleInfo {
  readonly specifier: string;
  readonly error?: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

/**
 * All imports among these files and of what they import, types' too, as Deno itself resolves them.
 *
 * @param paths From the root of the project.
 */
export async function importsOf(paths: readonly string[]): Promise<Import[]> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = paths.map((path) => `import "${pathToFileURL(`${root}${path}`)}";\n`);
    await Deno.writeTextFile(entry, lines.join(""));
    const { stdout, success } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", `${root}deno.json`, entry],
      cwd: dirname(entry),
      stderr: "inherit",
    }).output();
    assert.ok(success);
    const { modules }: { modules: ModuleInfo[] } = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual(modules.filter(({ error }) => error !== undefined), []);
    const seen = new Set(modules.map(({ specifier }) => ownPath(specifier)));
    assert.deepEqual(paths.filter((path) => !seen.has(path)), [], "files that were left out");
    return modules.flatMap(({ specifier, dependencies = [] }) =>
      dependencies.flatMap(({ code, type }) => {
        const to = ownPath(code?.specifier ?? type?.specifier);
        const from = ownPath(specifier);
        return from && to ? [{ from, to, isType: code === undefined }] : [];
      })
    );
  } finally {
    await Deno.remove(entry);
  }
}

/** The path from the root; `null` for what is not in the project, or not written by it. */
function ownPath(specifier: string | undefined): string | null {
  if (!specifier?.startsWith("file:")) return null;
  const path = relative(root, fileURLToPath(specifier));
  return path.startsWith("..") || path.startsWith("node_modules") ? null : path;
}
