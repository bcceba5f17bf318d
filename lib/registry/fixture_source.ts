/**
 * Models as files, `<directory>/<name>/manifest.json` and `weights.safetensors`: those that come with
 * the project.
 *
 * @module
 */

import { absentAsNull } from "../core/absent_as_null.ts";
import { sha256 as digest } from "../core/digest.ts";
import { IntegrityError } from "../core/errors.ts";
import { type ModelManifest, newestFirst, parseManifest } from "./manifest.ts";
import { checkModelName, isModelName } from "./model_name.ts";
import type { ModelProblem, ModelSource, ServedManifest } from "./source.ts";

/**
 * Opens a folder of models. Files are read when they are asked for; a folder that does not exist
 * has no models, and folders without a manifest are passed over.
 *
 * @param directory The folder, with or without a slash at its end.
 */
export function createFixtureSource(directory: URL): ModelSource {
  async function list(
    onProblem: (problem: ModelProblem) => void = () => {},
  ): Promise<readonly ServedManifest[]> {
    const found: ServedManifest[] = [];
    for (const name of await folders(directory)) {
      try {
        const manifest = await find(name);
        if (manifest !== null) found.push(manifest);
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        onProblem({ name, version: null, problem: error.message });
      }
    }
    return found.sort(newestFirst);
  }

  async function find(name: string, version?: string): Promise<ServedManifest | null> {
    // The name becomes part of a path, so nothing else may.
    if (!isModelName(name)) return null;
    const file = fileOf(directory, name, "manifest.json");
    const text = await absentAsNull(Deno.readTextFile(file));
    if (text === null) return null;
    const manifest = parseManifest(parseJson(text), file.href);
    if (manifest.name !== name) {
      throw new IntegrityError(
        `Cannot read the manifest at ${file.href}: its name must be "${name}", as its folder's, ` +
          `got "${manifest.name}"`,
      );
    }
    return version === undefined || version === manifest.version
      ? { ...manifest, source: "fixture" }
      : null;
  }

  async function versions(
    name: string,
    onProblem: (problem: ModelProblem) => void = () => {},
  ): Promise<readonly ServedManifest[]> {
    try {
      const manifest = await find(name);
      return manifest === null ? [] : [manifest];
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      onProblem({ name, version: null, problem: error.message });
      return [];
    }
  }

  async function read({ name, weights }: ModelManifest): Promise<Uint8Array<ArrayBuffer>> {
    const blob = isModelName(name)
      ? await absentAsNull(Deno.readFile(fileOf(directory, name, "weights.safetensors")))
      : null;
    const found = blob === null ? "no file" : await digest(blob);
    if (blob === null || found !== weights.sha256) {
      throw new IntegrityError(
        `Cannot read model "${name}": the digest of its weights must be ${weights.sha256}, got ` +
          `${found}; restore its folder in ${directory.href}`,
      );
    }
    return blob;
  }

  return { list, find, versions, read };
}

/**
 * Writes a model into a folder of models, over what was there under its name.
 *
 * @param directory The folder; made where it does not exist.
 * @param manifest The manifest; its name is the model's.
 * @param blob The weights (safetensors) that the manifest names.
 * @throws {UsageError} If the manifest's name is not one.
 * @throws {IntegrityError} If the blob is not the one that the manifest names.
 */
export async function writeFixture(
  directory: URL,
  manifest: ModelManifest,
  blob: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { name, weights } = manifest;
  checkModelName(name);
  const found = await digest(blob);
  if (found !== weights.sha256) {
    throw new IntegrityError(
      `Cannot write model "${name}": the digest of its weights must be ${weights.sha256}, got ` +
        found,
    );
  }
  // Where it came from is for the reader to say.
  const { source: _, provenance: __, ...stored }: ModelManifest & Partial<ServedManifest> =
    manifest;
  await Deno.mkdir(fileOf(directory, name, "."), { recursive: true });
  await Deno.writeFile(fileOf(directory, name, "weights.safetensors"), blob);
  await Deno.writeTextFile(
    fileOf(directory, name, "manifest.json"),
    `${JSON.stringify(stored, null, 2)}\n`,
  );
}

function fileOf(directory: URL, name: string, file: string): URL {
  return new URL(`${directory.href.replace(/\/?$/, "/")}${name}/${file}`);
}

async function folders(directory: URL): Promise<string[]> {
  const entries = await absentAsNull(Array.fromAsync(Deno.readDir(directory)));
  return (entries ?? []).filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
}

/** `null`, which is no manifest, for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
