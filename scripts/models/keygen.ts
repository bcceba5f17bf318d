/**
 * `deno task models keygen`: a key that signs models.
 *
 * @module
 */

import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { absentAsNull } from "../../lib/core/absent_as_null.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { formatTable } from "../../lib/core/table.ts";
import { writeFailure } from "../../lib/core/write_atomically.ts";
import { createSigningKey, formatSigningKey, keyId } from "../../lib/registry/signing_key.ts";
import type { CommandResult } from "../cli/cli.ts";
import { SIGNING_KEY, TRUSTED_KEYS } from "../cli/signing.ts";
import { projectPath } from "../cli/user_folder.ts";

/** The flags of the command. */
export interface KeygenFlags {
  readonly out?: string;
  readonly signer?: string;
}

/**
 * Makes a key, and writes both its halves.
 *
 * @throws {UsageError} If something stands in either place, or they are in the project's folder.
 */
export async function keygen({ out, signer }: KeygenFlags): Promise<CommandResult> {
  const path = resolve(out ?? join(configFolder(), "signing-key.json"));
  const publicPath = `${path.replace(/\.json$/, "")}.pub`;
  refuseProject(path);
  const key = await createSigningKey(signer);
  const { publicKey } = key;
  const id = keyId(publicKey);
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (const each of [path, publicPath]) await requireAbsent(each);
  await write(path, await formatSigningKey(key), 0o600);
  await write(publicPath, `${publicKey} # ${[id, signer].filter(Boolean).join(", ")}\n`, 0o644);
  const text = [
    `Made a key that signs models${signer === undefined ? "" : `, as ${signer}`}.`,
    formatTable([
      ["private key:", `${path}: whoever has this file can sign as you; keep it to yourself`],
      ["public key:", publicKey],
      ["", `also in ${publicPath}`],
      ["key id:", id],
    ], "<<"),
    formatTable([
      ["to sign what is trained:", `deno task train --sign ${path}`],
      ["", `or ${SIGNING_KEY}=${path}`],
      ["to sign a stored model:", `deno task models sign NAME --key ${path}`],
      ["to serve nothing else:", `${TRUSTED_KEYS}=${publicKey} deno task start`],
    ], "<<"),
    "A signature proves who vouches for a model. It does not prove that the model has no backdoor.",
  ].join("\n\n");
  return { json: { path, publicPath, publicKey, key: id, signer: signer ?? null }, text };
}

/** Where the user's programs keep their settings. */
function configFolder(): string {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  const config = Deno.env.get("XDG_CONFIG_HOME") || Deno.env.get("APPDATA") ||
    (home && join(home, ".config"));
  if (config) return join(config, "edgedoor");
  throw new UsageError("Cannot choose a place for the key: HOME must be set; give --out");
}

/** What lies in the project's folder is committed sooner or later. */
function refuseProject(path: string): void {
  const inside = relative(projectPath(""), path);
  if (inside.startsWith("..") || isAbsolute(inside)) return;
  throw new UsageError(
    `Cannot make a key in ${path}: it must stand outside the project's folder, lest it be committed; ` +
      "choose another place by --out",
  );
}

async function requireAbsent(path: string): Promise<void> {
  if (await absentAsNull(Deno.lstat(path)) === null) return;
  throw new UsageError(
    `Cannot make a key: ${path} is there already, and a key that is lost signs nothing any more; ` +
      "choose another place by --out, or move that file away",
  );
}

async function write(path: string, text: string, mode: number): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, { createNew: true, mode });
  } catch (error) {
    throw writeFailure(path, error);
  }
}
