/**
 * Servers in processes of their own.
 *
 * @module
 */

import assert from "node:assert/strict";
import { permissions } from "../scripts/cli/permissions.ts";
import { findAddress } from "./read_address.ts";

/** A server that runs, until it is disposed of. */
export interface ServerProcess extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  readonly address: URL;
  /** What it has printed so far. */
  printed(): string;
  /** Resolves when it has printed all that it ever will. */
  readonly silent: Promise<void>;
}

/** What of the server is read. */
type Stream = "stdout" | "stderr";

/** A server with an empty store. */
function spawnServer(env: Record<string, string>, stream: Stream = "stderr"): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions.serve, "main.ts"],
    cwd: new URL("../", import.meta.url),
    env: { HOST: "127.0.0.1", PORT: "0", EDGEDOOR_KV: ":memory:", NO_COLOR: "1", ...env },
    ...{ stdin: "null", stdout: "null", stderr: "null", [stream]: "piped" },
  }).spawn();
}

/** Starts a server and waits until it prints its address. */
export async function startServer(
  env: Record<string, string> = {},
  stream: Stream = "stderr",
): Promise<ServerProcess> {
  const child = spawnServer(env, stream);
  let printed = "";
  const listens = Promise.withResolvers<URL>();
  const read = async () => {
    for await (const text of child[stream].pipeThrough(new TextDecoderStream())) {
      printed += text;
      const found = findAddress(printed);
      if (found !== null) listens.resolve(new URL(found.url));
    }
    listens.reject(new assert.AssertionError({ message: `the server ended: ${printed}` }));
  };
  const silent = read();
  const address = await listens.promise;
  return {
    child,
    address,
    printed: () => printed,
    silent,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch (error) {
        // It has ended.
        if (!(error instanceof TypeError)) throw error;
      }
      await child.status;
    },
  };
}

/** Starts a server that is to end by itself. */
export async function failStart(
  env: Record<string, string>,
): Promise<{ code: number; error: string }> {
  const { code, stderr } = await spawnServer(env).output();
  return { code, error: new TextDecoder().decode(stderr) };
}
