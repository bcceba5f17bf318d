/**
 * The real server in a process of its own.
 *
 * @module
 */

import { residentBytes } from "../../scripts/bench/serve/process_tree.ts";
import { findAddress } from "../read_address.ts";
import { startServer as startProcess } from "../server_process.ts";

/** A running server. */
export interface RunningServer extends AsyncDisposable {
  /** For example `http://127.0.0.1:40123/`. */
  readonly url: string;
  /** Of its process. */
  readonly pid: number;
  /** Ends the server in order. */
  stop(): Promise<StoppedServer>;
}

/** A server that has ended. */
export interface StoppedServer {
  readonly code: number;
  /** What it printed on standard error after its address. */
  readonly stderr: string;
}

/**
 * Starts `main.ts` on a free loopback port, under the permissions that `deno task start` gives, with
 * an empty KV file in a temporary folder: it serves the bundled models. Both are gone once it is
 * disposed of.
 *
 * @param env Further variables of the environment.
 * @throws {Error} If it ends before it listens; with what it printed.
 */
export async function startServer(env: Record<string, string> = {}): Promise<RunningServer> {
  const directory = await Deno.makeTempDir();
  const { child, address, printed, silent } = await startProcess({
    EDGEDOOR_KV: `${directory}/kv.sqlite3`,
    ...env,
  });
  let stopped: Promise<StoppedServer> | undefined;
  const end = async () => {
    child.kill("SIGTERM");
    const { code } = await child.status;
    await silent;
    return { code, stderr: printed().slice(findAddress(printed())!.end) };
  };
  const stop = () => stopped ??= end();
  return {
    url: address.href,
    pid: child.pid,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** Megabytes that a server's process has in memory. */
export async function memoryOf({ pid }: RunningServer): Promise<number> {
  return await residentBytes(pid) / 2 ** 20;
}
