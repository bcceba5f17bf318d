/**
 * The real server in a process of its own.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { permissions } from "../../scripts/cli/permissions.ts";
import { readAddress } from "../read_address.ts";

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
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions.serve, "main.ts"],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: {
      PORT: "0",
      HOST: "127.0.0.1",
      EDGEDOOR_KV: `${directory}/kv.sqlite3`,
      NO_COLOR: "1",
      ...env,
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const printed = server.stderr.pipeThrough(new TextDecoderStream());
  const url = await readAddress(printed);
  // What it prints later is read too, or a full pipe would stop it.
  const rest = Array.fromAsync(printed);
  let stopped: Promise<StoppedServer> | undefined;
  const end = async () => {
    server.kill("SIGTERM");
    const { code } = await server.status;
    return { code, stderr: (await rest).join("") };
  };
  const stop = () => stopped ??= end();
  return {
    url,
    pid: server.pid,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** Megabytes that a server's process has in memory. */
export async function memoryOf({ pid }: RunningServer): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] })
    .output();
  return Number(new TextDecoder().decode(stdout)) / 1024;
}
