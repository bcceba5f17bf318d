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

/** Sends requests for a time; those without an answer at its end do not count. */
export async function closedLoop(
  { url, input, connections, seconds }: ClosedLoopOptions,
): Promise<LoadOutcome> {
  const answers: Answered[] = [];
  const began = performance.now();
  const run = autocannon({
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
  const { errors } = await run;
  const took = (performance.now() - began) / 1000;
  for (let i = 0; i < errors; i++) answers.push({ status: 0, milliseconds: Infinity });
  return loadOf(answers, took);
}
