/**
 * Servers that are measured, as processes.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import type { Input } from "./inputs.ts";
import { post } from "./open_loop.ts";

/** A way to serve. */
export interface ServerKind {
  /** Differs from all others' names. */
  readonly name: string;
  /** Processes (of a peer) or threads (of edgedoor) that answer. */
  readonly workers: number;
  /** Whether it is edgedoor, and no peer. */
  readonly isOwn: boolean;
  /** What a reader should know of it, for example versions. */
  readonly about?: Readonly<Record<string, string>>;
  /** Its command line; it serves on 127.0.0.1. */
  command(port: number): ServerCommand;
}

/** How a server is started. */
export interface ServerCommand {
  readonly command: readonly [executable: string, ...args: string[]];
  /** Set beside this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A server that runs. */
export interface RunningServer extends AsyncDisposable {
  readonly pid: number;
  /** Where images are posted. */
  readonly url: string;
  readonly start: StartTimes;
}

/** How long it took to be there, in milliseconds since the process was asked for. */
export interface StartTimes {
  /** The first connection that was taken. */
  readonly listening: number;
  /** The first image that was answered with 200. */
  readonly firstAnswer: number;
  /** How long the second image took, by itself. */
  readonly secondAnswer: number;
}

/** Milliseconds between attempts to reach a server that starts. */
const PAUSE = 4;

/** Milliseconds after which a server that does not answer has failed. */
const PATIENCE = 60_000;

/** Milliseconds that a server has to stop. */
const STOP_PATIENCE = 8_000;

/** Characters of standard error that are kept for a message. */
const KEPT = 2_000;

/**
 * Starts a server and waits for its first answer.
 *
 * @param input What is asked.
 * @throws {Error} If it ends, or does not answer within a minute; says what it printed last.
 */
export async function startServer(kind: ServerKind, input: Input): Promise<RunningServer> {
  const port = freePort();
  const { command: [executable, ...args], env = {} } = kind.command(port);
  const began = performance.now();
  const child = new Deno.Command(executable, {
    args,
    env,
    cwd: new URL("../../..", import.meta.url),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = lastWords(child.stderr);
  let isOver = false;
  const over = child.status.then(() => isOver = true);
  const stop = async () => {
    if (!isOver) child.kill("SIGTERM");
    const late = new AbortController();
    const kill = delay(STOP_PATIENCE, undefined, { signal: late.signal })
      .then(() => child.kill("SIGKILL"), () => {});
    await over;
    late.abort();
    await Promise.all([kill, said.whole]);
  };
  const url = `http://127.0.0.1:${port}/api/attack`;
  const attempt = async <T>(what: string, once: () => Promise<T | null>): Promise<number> => {
    while (await once() === null) {
      if (isOver || performance.now() - began > PATIENCE) {
        await stop();
        throw new Error(
          `Cannot measure ${kind.name}: it must ${what}, and did not: ${said.text()}`,
        );
      }
      await delay(PAUSE);
    }
    return performance.now() - began;
  };
  const ask = async () => await post({ url, input }) === 200 ? true : null;

  const listening = await attempt("listen", () => connect(port));
  const firstAnswer = await attempt("answer", ask);
  const secondAnswer = await attempt("answer", ask) - firstAnswer;
  return {
    pid: child.pid,
    url,
    start: { listening, firstAnswer, secondAnswer },
    [Symbol.asyncDispose]: stop,
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function connect(port: number): Promise<true | null> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return null;
  }
}

/** Reads a stream to its end, and keeps what came last. */
function lastWords(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  let text = "";
  const whole = (async () => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text = (text + part).slice(-KEPT);
    }
  })();
  return { whole, text: () => text.trim() };
}
