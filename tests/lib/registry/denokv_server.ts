/**
 * A self-hosted Deno KV server for tests.
 *
 * @module
 */

import { readAddress } from "../../read_address.ts";

/** A running server. */
export interface DenokvServer extends AsyncDisposable {
  /** Its KV Connect URL. */
  readonly url: string;
  /** What `DENO_KV_ACCESS_TOKEN` must hold for `Deno.openKv(url)`. */
  readonly token: string;
}

/**
 * Starts the server whose binary `EDGEDOOR_TEST_DENOKV` names, on a free loopback port, with an
 * empty database in a temporary folder; both are gone once it is disposed of.
 */
export async function startDenokv(): Promise<DenokvServer> {
  const binary = Deno.env.get("EDGEDOOR_TEST_DENOKV");
  if (!binary) {
    throw new Error(
      "Cannot start denokv: EDGEDOOR_TEST_DENOKV must name its binary, got nothing; deno task test " +
        "sets it, and cargo install denokv --locked builds one",
    );
  }
  const directory = await Deno.makeTempDir();
  const token = crypto.randomUUID();
  const server = new Deno.Command(binary, {
    args: [
      ...["--sqlite-path", `${directory}/kv.sqlite`],
      ...["serve", "--addr", "127.0.0.1:0", "--access-token", token],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const printed = server.stderr.pipeThrough(new TextDecoderStream());
  const stop = async () => {
    server.kill("SIGKILL");
    await server.status;
    await Deno.remove(directory, { recursive: true });
  };
  let url: string;
  try {
    url = await readAddress(printed);
  } catch (error) {
    await stop();
    throw error;
  }
  // What it prints later is read too, or a full pipe would stop it.
  const drained = printed.pipeTo(new WritableStream());
  return {
    url,
    token,
    async [Symbol.asyncDispose]() {
      await stop();
      await drained;
    },
  };
}
