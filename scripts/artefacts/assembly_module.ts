/**
 * AssemblyScript as WebAssembly.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { main as compile } from "assemblyscript/asc";
import type { Artefact } from "./artefact.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Inner loops take all optimisation there is; memory is managed by the caller. */
const options = ["--baseDir", root, "--runtime", "stub", "--enable", "simd", "-O3", "--noAssert"];

/** What is compiled. */
export interface AssemblySources {
  /** Their folder from the repository's root, in which `index.ts` exports what the module does. */
  readonly folder: string;
  /** Of the compiler, besides those that all modules have. */
  readonly options?: readonly string[];
}

/**
 * A module as a TypeScript file that holds it in base64: every bundler and host takes it, and none has
 * to fetch it.
 *
 * @param path Of that file.
 * @param sources What it is made of.
 */
export function assemblyModule(path: string, sources: AssemblySources): Artefact {
  return { path, build: () => build(sources) };
}

async function build({ folder, options: own = [] }: AssemblySources): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await compile(
    [`${folder}/index.ts`, "--outFile", "module.wasm", ...options, ...own],
    {
      writeFile: (_name: string, contents: Uint8Array | string) => {
        if (contents instanceof Uint8Array) binary = contents;
      },
    },
  );
  if (error !== null || binary === undefined) {
    throw new Error(`Cannot compile ${folder}: ${error?.message}\n${stderr}`);
  }
  return new TextEncoder().encode(
    `// Made of ${folder} by \`deno task build\`; do not edit.\n` +
      "// deno-fmt-ignore-file\n" +
      `export const BINARY = "${binary.toBase64()}";\n`,
  );
}
