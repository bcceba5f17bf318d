/**
 * Hostile requests by the thousand to a real server: each is answered soon and in the form that is
 * described, the next good one is answered right, and what they took of memory is given back.
 */

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { createRandom } from "../../lib/core/random.ts";
import { createAnswerCheck } from "../routes/described_answers.ts";
import { digitInput } from "../routes/v2/infer_case.ts";
import { indexRequests, inferences } from "./hostile_inference.ts";
import { type HostileRequest, MODELS, recipeOf } from "./hostile_request.ts";
import { uploads } from "./hostile_uploads.ts";
import { memoryOf, type RunningServer, startServer } from "./server.ts";

/** All bodies, with those of the start, during which the server's memory grows to what it works in. */
const BODIES = 20_000;
const START_BODIES = 4_000;
const CONNECTIONS = 8;

/** Milliseconds that an answer may take. */
const MOST_TIME = 2_000;

/** Milliseconds after which a server is given up that does not answer at all. */
const MOST_WAIT = 60_000;

/** How much more memory there may be afterwards than before, as a share. */
const MOST_GROWTH = 0.1;

/** Milliseconds that it may take: V8 collects all garbage some ten seconds after the work. */
const COLLECTING = 60_000;

/** After how many bodies each connection asks something good. */
const GOOD_EACH = 250;

const digit = await Deno.readFile(new URL("../../fixtures/samples/7.png", import.meta.url));

const hostile: fc.Arbitrary<HostileRequest> = fc.oneof(
  { weight: 11, arbitrary: uploads },
  { weight: 8, arbitrary: inferences },
  { weight: 1, arbitrary: indexRequests },
).map((request) => ({ ...request, [fc.toStringMethod]: () => recipeOf(request) }));

function post(
  { url }: RunningServer,
  { path, headers, body, isStream }: HostileRequest,
): Promise<Response> {
  const bytes = new Uint8Array(body);
  const sent = isStream ? new Blob([bytes]).stream() : bytes;
  const signal = AbortSignal.timeout(MOST_WAIT);
  return fetch(new URL(path, url), { method: "POST", headers, body: sent, signal });
}

/** What a digit is answered, by both surfaces. */
async function askGood(server: RunningServer): Promise<unknown[]> {
  const json = new TextEncoder().encode(JSON.stringify({ inputs: [digitInput(7)] }));
  const isStream = false;
  const answers = await Promise.all([
    post(server, { path: "/api/classify", headers: {}, body: digit, isStream }),
    post(server, { path: `/v2/models/${MODELS[0]}/infer`, headers: {}, body: json, isStream }),
  ]);
  return await Promise.all(answers.map(async (answer) => {
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return JSON.parse(text);
  }));
}

/** The words of an error, which must be in its surface's form. */
function errorOf(path: string, status: number, text: string): string {
  const answer = JSON.parse(text);
  if (path.startsWith("/v2")) {
    assert.deepEqual(Object.keys(answer), ["error"]);
    return answer.error;
  }
  assert.deepEqual(Object.keys(answer), ["type", "title", "status", "detail"]);
  assert.equal(answer.status, status);
  return answer.detail;
}

/** A line of a stack, or a file of the server's. */
const INSIDES = /\n\s+at |file:\/\/|node_modules|\/(lib|routes)\/\w+\.ts|main\.ts/;

/** Sends hostile requests to a server, and judges its answers. */
class Fuzzer {
  readonly #server: RunningServer;
  readonly #check: ReturnType<typeof createAnswerCheck>;
  readonly #good: readonly unknown[];
  /** Each time another one, all of which the seed of the tests decides. */
  readonly #drawSeed: () => number;
  readonly statuses = new Map<number, number>();
  /** Those that were answered late, perhaps because of others. */
  readonly slow: HostileRequest[] = [];

  private constructor(
    server: RunningServer,
    check: ReturnType<typeof createAnswerCheck>,
    good: readonly unknown[],
  ) {
    [this.#server, this.#check, this.#good] = [server, check, good];
    const { integer } = createRandom(fc.readConfigureGlobal().seed ?? 1, "fuzz");
    this.#drawSeed = () => integer(2 ** 31 - 1);
  }

  static async start(server: RunningServer): Promise<Fuzzer> {
    const document = await (await fetch(new URL("openapi.json", server.url))).json();
    return new Fuzzer(server, createAnswerCheck(document), await askGood(server));
  }

  /** Sends as many bodies on several connections at once. */
  async send(count: number): Promise<void> {
    const results = await Promise.allSettled(
      Array.from({ length: CONNECTIONS }, async () => {
        let sent = 0;
        const property = fc.asyncProperty(hostile, async (request) => {
          if (await this.#time(request) > MOST_TIME) this.slow.push(request);
          if (++sent % GOOD_EACH === 0) await this.checkGood();
        });
        // What it found is said at once: smaller ones, of thousands in turn, may take hours to find.
        const numRuns = count / CONNECTIONS;
        await fc.assert(property, { numRuns, seed: this.#drawSeed(), endOnFailure: true });
      }),
    );
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  async checkGood(): Promise<void> {
    assert.deepEqual(await askGood(this.#server), this.#good);
  }

  /** Sends what was answered late once more, each alone. */
  async checkSlow(): Promise<void> {
    for (const request of this.slow) {
      const time = await this.#time(request);
      assert.ok(time <= MOST_TIME, `alone, answered after ${time} ms: ${recipeOf(request)}`);
    }
  }

  /** Milliseconds until a request was answered in full. */
  async #time(request: HostileRequest): Promise<number> {
    const start = performance.now();
    const response = await post(this.#server, request);
    const copy = response.clone();
    const text = await response.text();
    const time = performance.now() - start;
    const { status } = response;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    assert.ok(status < 500 || status === 503, `${status}: ${text}`);
    const { pathname } = new URL(request.path, this.#server.url);
    await this.#check("POST", pathname, copy);
    assert.doesNotMatch(text, INSIDES);
    if (status < 400) return time;
    const error = errorOf(pathname, status, text);
    assert.match(error, /^Cannot /);
    assert.ok(error.length < 1_000 + request.path.length, `${error.length} characters: ${error}`);
    assert.equal(response.headers.has("Retry-After"), status === 503);
    return time;
  }
}

/** Megabytes of the server while it works: they go up and down, so that it is the median of many. */
async function memoryDuring(server: RunningServer, work: Promise<void>): Promise<number> {
  const measured: number[] = [];
  let isDone = false;
  const finished = work.finally(() => isDone = true);
  const measure = async () => {
    while (!isDone) {
      measured.push(await memoryOf(server));
      await delay(100);
    }
  };
  await Promise.all([finished, measure()]);
  return measured.toSorted((a, b) => a - b)[measured.length >> 1]!;
}

/** Megabytes of the server once they are at most so many, or when there was time enough for it. */
async function memoryAfter(fuzzer: Fuzzer, server: RunningServer, most: number): Promise<number> {
  const deadline = performance.now() + COLLECTING;
  for (let second = 1;; second++) {
    // Usually it collects when it has nothing to do, but sometimes only with the next request.
    if (second % 15 === 0) await fuzzer.checkGood();
    const memory = await memoryOf(server);
    if (memory <= most || performance.now() > deadline) return memory;
    await delay(1_000);
  }
}

Deno.test("20,000 hostile bodies: none fails the server, holds it up or stays in its memory", async () => {
  await using server = await startServer();
  const fuzzer = await Fuzzer.start(server);
  await fuzzer.send(START_BODIES / 2);
  const before = await memoryDuring(server, fuzzer.send(START_BODIES / 2));
  await fuzzer.send(BODIES - START_BODIES);
  await fuzzer.checkSlow();
  await fuzzer.checkGood();
  const most = before * (1 + MOST_GROWTH);
  const after = await memoryAfter(fuzzer, server, most);
  assert.ok(after <= most, `${before} MB before, ${after} MB after`);

  // So that it is bodies which were judged, and not the bounds on their number.
  const count = (status: number) => fuzzer.statuses.get(status) ?? 0;
  for (const status of [200, 400, 404, 413, 415, 422]) {
    assert.ok(count(status) > BODIES / 1_000, `${count(status)} answers of ${status}`);
  }
  assert.ok(count(503) < BODIES / 20, `${count(503)} answers of 503`);
  const { stderr } = await server.stop();
  assert.equal(stderr, "");
});
