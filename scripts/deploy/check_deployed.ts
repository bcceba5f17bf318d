/**
 * A server as it is deployed, looked at from outside.
 *
 * @module
 */

import { type DeployedServerOptions, startDeployed } from "./deployed_server.ts";
import type { Question } from "./ask_server.ts";

/** What came of one check. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** What it came to, or why it failed. */
  readonly detail: string;
}

/** Bounds that Deno Deploy sets. */
export interface HostLimits {
  /** In MB. */
  readonly memory: number;
  /** Milliseconds between SIGINT and the end. */
  readonly stop: number;
}

/**
 * Runs a server, asks it questions, and ends it.
 *
 * @param options How it is run.
 * @param questions What it is asked, in this order; what it says to one is no reason to ask no more.
 * @returns A check for the start, each question, its memory and its end; of one that does not start,
 * the first alone.
 */
export async function checkDeployed(
  options: DeployedServerOptions,
  { questions, limits, onCheck = () => {} }: {
    readonly questions: readonly Question[];
    readonly limits: HostLimits;
    readonly onCheck?: (check: Check) => void;
  },
): Promise<Check[]> {
  const checks: Check[] = [];
  const check = async <T>(name: string, work: () => Promise<[T, string]>): Promise<T | null> => {
    let result: T | null = null;
    let done: Check;
    try {
      const [value, detail] = await work();
      result = value;
      done = { name, passed: true, detail };
    } catch (error) {
      done = { name, passed: false, detail: error instanceof Error ? error.message : `${error}` };
    }
    checks.push(done);
    onCheck(done);
    return result;
  };

  const server = await check("start", async () => {
    const server = await startDeployed(options);
    return [server, `listens after ${Math.round(server.startTime)} ms`];
  });
  if (server === null) return checks;
  for (const { name, ask } of questions) {
    await check(name, async () => [null, await ask(server.url)]);
  }
  await check("memory", async () => {
    const peak = Math.round(await server.peakMemory());
    if (peak <= limits.memory) return [null, `at most ${peak} of ${limits.memory} MB`];
    throw new Error(`it must stay below ${limits.memory} MB, got ${peak}`);
  });
  await check("stop", async () => {
    const { code, time } = await server.stop("SIGINT", limits.stop);
    if (code === 0) return [null, `ends after ${Math.round(time)} ms`];
    throw new Error(`it must end with status 0 within ${limits.stop} ms of SIGINT, got ${code}`);
  });
  return checks;
}
