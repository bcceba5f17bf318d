/**
 * The server as a host runs it: a plain user, an environment of its own, no flags.
 *
 * @module
 */

import { join } from "node:path";

/** How a server is run. */
export interface DeployedServerOptions {
  /** The executable of Deno; any user must be able to run it. */
  readonly deno: string;
  /** Deno's arguments. */
  readonly args: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A server that runs. */
export interface DeployedServer {
  /** For example `http://127.0.0.1:40123/`. */
  readonly url: string;
  /** Milliseconds from the start of its process until it said that it listens. */
  readonly startTime: number;
  /** The most memory that it has held, in MB of 2^20 bytes. */
  peakMemory(): Promise<number>;
  /**
   * Sends a signal and waits for the end.
   *
   * @returns The exit status, and the milliseconds that it took. After `patience` it is killed.
   */
  stop(signal: Deno.Signal, patience: number): Promise<{ code: number; time: number }>;
}

/** A user that owns nothing: what root starts, runs as this one. */
export const NOBODY = 65_534;

/** Whether this process may become any user. */
export function isRoot(): boolean {
  return Deno.uid() === 0;
}

/** Milliseconds in which a server must listen. */
const START_LIMIT = 20_000;

/**
 * Starts a server, as a plain user.
 *
 * @throws {Error} If it does not listen; with what it printed.
 */
export async function startDeployed(
  { deno, args, folder, env }: DeployedServerOptions,
): Promise<DeployedServer> {
  const started = performance.now();
  const child = new Deno.Command(deno, {
    args: [...args],
    cwd: folder,
    clearEnv: true,
    env: { PORT: "0", NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    ...isRoot() && { uid: NOBODY, gid: NOBODY },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch (error) {
      // Deno's word for a process that has ended.
      if (!(error instanceof TypeError)) throw error;
    }
  };
  let printed = "";
  const address = Promise.withResolvers<string>();
  const readings = [child.stdout, child.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      printed += text;
      const port = /listens on http:\/\/\S+?:(\d+)\//.exec(printed)?.[1];
      if (port !== undefined) address.resolve(`http://127.0.0.1:${port}/`);
    }
  });
  const tooLate = setTimeout(kill, START_LIMIT);
  Promise.all(readings).then(() => address.reject(new Error(`it must listen, got: ${printed}`)));
  const url = await address.promise.finally(() => clearTimeout(tooLate));
  return {
    url,
    startTime: performance.now() - started,
    async peakMemory() {
      const status = await Deno.readTextFile(join("/proc", String(child.pid), "status"));
      return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1]) / 1024;
    },
    async stop(signal, patience) {
      const asked = performance.now();
      child.kill(signal);
      const timer = setTimeout(kill, patience);
      const { code } = await child.status;
      clearTimeout(timer);
      await Promise.all(readings);
      return { code, time: performance.now() - asked };
    },
  };
}
