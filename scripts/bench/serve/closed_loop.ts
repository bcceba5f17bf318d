/**
 * Load by clients that each send their next request when the last one is answered: one of them shows
 * how long an answer takes, many show how many answers a server can give.
 *
 * @module
 */

import { Buffer } from "node:buffer";
// @ts-types="@types/autocannon"
import autocannon from "autocannon";
import type { Input } from "./inputs.ts";
import { type Answered, loadOf, type LoadOutcome } from "./load_outcome.ts";

/** How many clients, and for how long. */
export interface ClosedLoopOptions {
  /** Where images are posted. */
  readonly url: string;
  readonly input: Input;
  /** Clients, each with a connection of its own. */
  readonly connections: number;
  readonly seconds: number;
}

/** Milliseconds between autocannon's looks at whether its time is over. */
const LOOK = 50;

/** Seconds after which it is over even without an answer. */
const PATIENCE = 30;

/**
 * Sends requests for a time, and again for as long if none is answered in it; those without an answer
 * at its end do not count.
 */
export async function closedLoop(options: ClosedLoopOptions): Promise<LoadOutcome> {
  const answers: Answered[] = [];
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  while (answers.length === 0 && elapsed() < PATIENCE) answers.push(...await cannonade(options));
  return loadOf(answers, elapsed());
}

async function cannonade(
  { url, input, connections, seconds }: ClosedLoopOptions,
): Promise<Answered[]> {
  const answers: Answered[] = [];
  const { errors } = await autocannon({
    url,
    connections,
    duration: seconds,
    sampleInt: LOOK,
    method: "POST",
    headers: { "Content-Type": input.type },
    body: Buffer.from(input.body),
    setupClient(client) {
      // `response` of the whole run rounds to milliseconds in its histogram; the client's does not.
      client.on(
        "response",
        (status, _bytes, milliseconds) => answers.push({ status, milliseconds }),
      );
    },
  });
  for (let i = 0; i < errors; i++) answers.push({ status: 0, milliseconds: Infinity });
  return answers;
}
