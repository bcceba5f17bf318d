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
  /** Kills it, as a machine that fails would. */
  stop(): Promise<void>;
  /** Starts it again after `stop`: with its database, at its address. */
  restart(): Promise<void>;
  /** Sends a signal, for example one that halts it. */
  kill(signal: Deno.Signal): void;
}

/** The environment's variable that names the binary. */
const BINARY = "EDGEDOOR_TEST_DENOKV";

/**
 * Starts the server whose binary `EDGEDOOR_TEST_DENOKV` names, on a free loopback port, with an
 * empty database in a temporary folder; both are gone once it is disposed of.
 */
export async function startDenokv(): Promise<DenokvServer> {
  const binary = Deno.env.get(BINARY);
  if (!binary) {
    throw new Error(
      `Cannot start denokv: ${BINARY} must name its binary, got nothing; deno task test sets it, ` +
        "and cargo install denokv --locked builds one",
    );
  }
  const directory = await Deno.makeTempDir();
  const token = crypto.randomUUID();

  async function start(address: string) {
    const child = new Deno.Command(binary!, {
      args: [
        ...["--sqlite-path", `${directory}/kv.sqlite`],
        ...["serve", "--addr", address, "--access-token", token],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const printed = child.stderr.pipeThrough(new TextDecoderStream());
    const stop = async () => {
      child.kill("SIGKILL");
      await child.status;
    };
    try {
      const url = await readAddress(printed);
      // What it prints later is read too, or a full pipe would stop it.
      const drained = printed.pipeTo(new WritableStream());
      const kill = (signal: Deno.Signal) => child.kill(signal);
      return { url, kill, stop: () => stop().then(() => drained) };
    } catch (error) {
      await stop();
      throw error;
    }
  }

  const remove = () => Deno.remove(directory, { recursive: true });
  let running: Awaited<ReturnType<typeof start>> | null = await start("127.0.0.1:0")
    .catch(async (error) => {
      await remove();
      throw error;
    });
  const { url } = running;
  async function stop(): Promise<void> {
    await running?.stop();
    running = null;
  }
  return {
    url,
    token,
    stop,
    async restart() {
      running = await start(new URL(url).host);
    },
    kill: (signal) => running?.kill(signal),
    async [Symbol.asyncDispose]() {
      await stop();
      await remove();
    },
  };
}
