/** The server from outside, while it is attacked in several ways at once. */

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { giantPng, heavyJpeg, scanBomb } from "../lib/serve/hostile_images.ts";
import { memoryOf, type RunningServer, startServer } from "./server.ts";

/** How long the attack lasts, in milliseconds. */
const DURATION = 8_000;

const digit = await Deno.readFile(new URL("../../fixtures/samples/7.png", import.meta.url));

/** What came back, by status; the attackers' as well as the others'. */
type Statuses = Map<number, number>;

async function count(statuses: Statuses, answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  return response;
}

function attack({ url }: RunningServer, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(new URL("api/attack", url), { method: "POST", body });
}

/** One image after the other, without a pause. */
async function sendWithoutPause(
  server: RunningServer,
  { images, signal, statuses }: {
    images: readonly Uint8Array<ArrayBuffer>[];
    signal: AbortSignal;
    statuses: Statuses;
  },
): Promise<void> {
  for (let i = 0; !signal.aborted; i++) {
    await (await count(statuses, attack(server, images[i % images.length]!))).body?.cancel();
  }
}

async function sendBursts(
  server: RunningServer,
  { image, signal, statuses }: {
    image: Uint8Array<ArrayBuffer>;
    signal: AbortSignal;
    statuses: Statuses;
  },
): Promise<void> {
  while (!signal.aborted) {
    await Promise.all(Array.from({ length: 64 }, async () => {
      await (await count(statuses, attack(server, image))).body?.cancel();
    }));
  }
}

/** Holds an upload that comes byte by byte, and opens another when it is ended. */
async function holdUpload({ url }: RunningServer, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(url);
  const head = "POST /api/attack HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n";
  while (!signal.aborted) {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    let isEnded = false;
    const answer = connection.read(new Uint8Array(1024)).catch(() => null).then(() =>
      isEnded = true
    );
    await connection.write(new TextEncoder().encode(head));
    while (!isEnded && !signal.aborted) {
      await connection.write(Uint8Array.of(0x89));
      await Promise.race([answer, delay(200)]);
    }
    if (isEnded) await delay(20);
  }
}

/** Asks again and again; gives the milliseconds of each answer. */
async function ask(signal: AbortSignal, request: () => Promise<Response>): Promise<number[]> {
  const times: number[] = [];
  while (!signal.aborted) {
    const start = performance.now();
    const response = await request();
    const text = await response.text();
    assert.equal(response.status, 200, text);
    times.push(performance.now() - start);
    await delay(50);
  }
  return times;
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(share * times.length) - 1] ?? NaN;
}

Deno.test("under crafted JPEGs, slow uploads and giant PNGs at once, others are served", async () => {
  await using server = await startServer();
  const honest = () => attack(server, digit);
  const first = await (await honest()).json();
  const end = AbortSignal.timeout(DURATION);

  const [crafted, giants]: [Statuses, Statuses] = [new Map(), new Map()];
  const attackers = [
    sendWithoutPause(server, {
      images: [scanBomb(), heavyJpeg()],
      signal: end,
      statuses: crafted,
    }),
    sendBursts(server, { image: giantPng(), signal: end, statuses: giants }),
    ...Array.from({ length: 200 }, () => holdUpload(server, end)),
  ];
  let most = 0;
  const watch = async () => {
    while (!end.aborted) {
      most = Math.max(most, await memoryOf(server));
      await delay(100);
    }
  };
  const [live, models, attacks] = await Promise.all([
    ask(end, () => fetch(new URL("v2/health/live", server.url))),
    ask(end, () => fetch(new URL("api/models", server.url))),
    ask(end, honest),
    watch(),
    ...attackers,
  ]);

  // Generous: the attackers run on the same machine.
  assert.ok(quantile(live, 0.5) < 1_000, `live after ${quantile(live, 0.5)} ms`);
  assert.ok(quantile(models, 0.9) < 4_000, `models after ${quantile(models, 0.9)} ms`);
  assert.ok(quantile(attacks, 0.9) < 4_000, `an attack after ${quantile(attacks, 0.9)} ms`);
  assert.ok(most < 350, `${most} MB`);
  for (const status of [...crafted.keys(), ...giants.keys()]) {
    assert.ok([200, 422, 503].includes(status), `answered ${status}`);
  }
  assert.ok((crafted.get(422) ?? 0) > 0 && (giants.get(503) ?? 0) > 0);

  assert.deepEqual(await (await honest()).json(), first);
  const { stderr } = await server.stop();
  assert.equal(stderr, "");
});
