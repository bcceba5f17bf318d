/**
 * Load at a fixed rate: requests are sent when they are due, whether those before them have been
 * answered or not, and a latency counts from the moment at which its request was due. So a server
 * that stands still for a second is seen as slow by every request of that second, and not by one of
 * each connection (coordinated omission).
 *
 * autocannon's fixed rate is no such load: each of its connections sends the whole quota of a second
 * at that second's start, one request after the answer to the other, and its correction takes the
 * expected interval in seconds for one in milliseconds.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import type { Input } from "./inputs.ts";
import { type Answered, loadOf, type LoadOutcome } from "./load_outcome.ts";

/** How much to send, and where. */
export interface OpenLoopOptions {
  /** Where images are posted. */
  readonly url: string;
  readonly input: Input;
  /** Requests a second, evenly spaced. */
  readonly rate: number;
  readonly seconds: number;
  /** Stops sending; requests that were sent are waited for. */
  readonly signal?: AbortSignal;
}

/** Requests take turns among as many pools of connections, lest one connection carry them all. */
const LANES = 32;

/** For how many milliseconds an answer is waited for, unless something else is said. */
const PATIENCE = 10_000;

/** Requests that may wait for an answer; those beyond are not sent, and count as failed. */
const MOST_OPEN = 4_000;

/** Sends requests at a fixed rate and waits for all answers. */
export async function openLoop(
  { url, input, rate, seconds, signal }: OpenLoopOptions,
): Promise<LoadOutcome> {
  const lanes = Array.from(
    { length: LANES },
    () => Deno.createHttpClient({ poolIdleTimeout: 30_000 }),
  );
  const answers: Answered[] = [];
  let open = 0;
  const send = async (client: Deno.HttpClient, due: number) => {
    open++;
    const status = await post({ url, input, client });
    open--;
    answers.push({ status, milliseconds: performance.now() - due });
  };

  const count = Math.max(1, Math.round(rate * seconds));
  const sent: Promise<void>[] = [];
  const began = performance.now();
  const dueAt = (i: number) => began + i * 1000 / rate;
  for (let i = 0; i < count && !signal?.aborted;) {
    for (; i < count && dueAt(i) <= performance.now(); i++) {
      if (open < MOST_OPEN) sent.push(send(lanes[i % LANES]!, dueAt(i)));
      else answers.push({ status: 0, milliseconds: Infinity });
    }
    await delay(Math.max(0, dueAt(i) - performance.now()));
  }
  await Promise.all(sent);
  for (const lane of lanes) lane.close();
  return loadOf(answers, seconds);
}

/** What a request needs. */
export interface PostOptions {
  readonly url: string;
  readonly input: Input;
  readonly client?: Deno.HttpClient;
  /** Milliseconds after which a request without an answer has failed. */
  readonly patience?: number;
}

/**
 * Sends an image once and reads the whole answer.
 *
 * @returns The status; 0 if there was no answer.
 */
export async function post(
  { url, input, client, patience = PATIENCE }: PostOptions,
): Promise<number> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": input.type },
      body: input.body,
      signal: AbortSignal.timeout(patience),
      client,
    });
    await response.bytes();
    return response.status;
  } catch {
    return 0;
  }
}
