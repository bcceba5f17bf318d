import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { BusyError } from "../../../lib/core/errors.ts";
import { ImageDecodeError } from "../../../lib/image/mod.ts";
import { ImageWorker, type ImageWorkerLimits } from "../../../lib/serve/image_worker.ts";
import { deeds } from "./odd_deeds.ts";

const program = new URL("./odd_image_thread.ts", import.meta.url);
const patient: ImageWorkerLimits = {
  timeLimit: 60_000,
  waiting: { cost: 1e9, count: 1000 },
  retireAfter: 1e9,
};
/** A second more is allowed for. */
const impatient = { ...patient, timeLimit: 2_000 };
/** More than is sent ahead: it waits until the one before it is done. */
const LARGE = 900_000;

interface Order {
  readonly deed?: keyof typeof deeds;
  readonly value?: number;
  readonly cost?: number;
  readonly signal?: AbortSignal;
}

/** Reads an image; gives its only pixel. */
async function read(
  worker: ImageWorker,
  { deed = "answer", value = 0, cost = 1, signal }: Order,
): Promise<number> {
  const bytes = Uint8Array.of(deeds[deed], value);
  const [image] = await worker.read({ bytes, cost, inputs: [], signal });
  return image!.data[0]!;
}

Deno.test("every image gets its own answer, however many are read at once", async () => {
  using worker = new ImageWorker(patient, program);
  const values = Array.from({ length: 200 }, (_, i) => i);
  const answers = values.map((value) => read(worker, { value, cost: 1 + value * 97 % 90_000 }));
  assert.deepEqual(await Promise.all(answers), values);
});

Deno.test("an image that takes too long is refused, and the others are read by a fresh Worker", async () => {
  using worker = new ImageWorker(impatient, program);
  const before = read(worker, { value: 1 });
  const slow = assert.rejects(read(worker, { deed: "expire" }), (error: unknown) => {
    assert.ok(error instanceof ImageDecodeError);
    assert.match(error.message, /it must be decoded within 2 seconds/);
    return true;
  });
  const after = [2, 3].map((value) => read(worker, { value }));
  const late = read(worker, { value: 4, cost: LARGE });
  await slow;
  assert.deepEqual(await Promise.all([before, ...after, late]), [1, 2, 3, 4]);
});

Deno.test("a Worker that no longer answers is given up with the image that it is at", async () => {
  using worker = new ImageWorker(impatient, program);
  const before = read(worker, { value: 1 });
  const stuck = assert.rejects(read(worker, { deed: "stick" }), /be decoded within 2 seconds/);
  const after = read(worker, { value: 2 });
  await stuck;
  assert.deepEqual(await Promise.all([before, after]), [1, 2]);
});

Deno.test("time counts from when an image's turn comes", async () => {
  using worker = new ImageWorker(impatient, program);
  const values = Array.from({ length: 14 }, (_, i) => 240 + i);
  const answers = values.map((value) => read(worker, { deed: "wait", value }));
  assert.deepEqual(await Promise.all(answers), values);
});

Deno.test("a Worker that dies takes one image with it", async () => {
  using worker = new ImageWorker(patient, program);
  for (let round = 0; round < 3; round++) {
    const before = read(worker, { value: 1 });
    const deadly = assert.rejects(read(worker, { deed: "fail" }), /has failed: .*out of order/);
    const after = read(worker, { value: 2 });
    await deadly;
    assert.deepEqual(await Promise.all([before, after]), [1, 2]);
  }
});

Deno.test("a Worker that cannot start fails all that wait, at once", async () => {
  using worker = new ImageWorker(patient, new URL("./no_such_program.ts", import.meta.url));
  for (let round = 0; round < 2; round++) {
    const all = [1, LARGE, LARGE].map((cost) => read(worker, { cost }));
    for (const each of await Promise.allSettled(all)) {
      assert.equal(each.status, "rejected");
      assert.match(each.reason.message, /^Cannot read images: the Worker for it has failed: /);
    }
  }
});

Deno.test("an error of an image keeps its class, and the Worker goes on", async () => {
  using worker = new ImageWorker(patient, program);
  await assert.rejects(read(worker, { deed: "refuse" }), (error: unknown) => {
    assert.ok(error instanceof ImageDecodeError);
    assert.equal(error.message, "it must be an image");
    return true;
  });
  assert.equal(await read(worker, { value: 7 }), 7);
});

Deno.test("cheap images pass expensive ones that wait", async () => {
  using worker = new ImageWorker(patient, program);
  const done: number[] = [];
  const follow = async (order: Order) => void done.push(await read(worker, order));
  await Promise.all([
    follow({ deed: "wait", value: 200, cost: LARGE }),
    follow({ value: 3, cost: 3 * LARGE }),
    follow({ value: 2, cost: 2 * LARGE }),
    follow({ value: 1, cost: 1 }),
  ]);
  assert.deepEqual(done, [200, 1, 2, 3]);
});

Deno.test("what does not fit among what waits is refused at once, and small images still fit", async () => {
  const waiting = { cost: 4 * LARGE, count: 1000 };
  using worker = new ImageWorker({ ...patient, waiting }, program);
  const first = read(worker, { deed: "wait", value: 250, cost: LARGE });
  const giants = Array.from({ length: 64 }, (_, i) => read(worker, { value: i, cost: 2 * LARGE }));
  const outcome = Promise.allSettled(giants);
  const refused = giants.slice(2).map((giant) => assert.rejects(giant, BusyError));
  const small = Array.from({ length: 5 }, (_, i) => read(worker, { value: i, cost: 1 }));
  await Promise.all(refused);
  // A giant gave way to the small ones.
  const { reason } = (await outcome)[1] as PromiseRejectedResult;
  assert.ok(reason instanceof BusyError);
  assert.deepEqual(await Promise.all([first, giants[0]!, ...small]), [250, 0, 0, 1, 2, 3, 4]);
});

Deno.test("what nobody waits for any more is not read", async () => {
  using worker = new ImageWorker(impatient, program);
  const gone = new AbortController();
  const first = read(worker, { deed: "wait", value: 200, cost: LARGE });
  const dropped = Array.from({ length: 50 }, () =>
    // Each would take its time and a Worker.
    read(worker, { deed: "stick", cost: LARGE, signal: gone.signal }));
  const last = read(worker, { value: 9, cost: 2 * LARGE });
  const outcome = Promise.allSettled(dropped);
  gone.abort(new Error("the client has gone"));
  for (const each of await outcome) {
    assert.match((each as PromiseRejectedResult).reason.message, /the client has gone/);
  }
  assert.deepEqual(await Promise.all([first, last]), [200, 9]);
  await assert.rejects(read(worker, { signal: gone.signal }), /the client has gone/);
});

Deno.test("a client that goes while its image is read changes nothing for the next", async () => {
  using worker = new ImageWorker(patient, program);
  const gone = new AbortController();
  await read(worker, {});
  const dropped = read(worker, { deed: "wait", value: 100, signal: gone.signal });
  const next = read(worker, { value: 8 });
  gone.abort(new Error("the client has gone"));
  await assert.rejects(dropped, /the client has gone/);
  assert.equal(await next, 8);
});

Deno.test("a Worker that has read much is replaced between two images", async () => {
  using worker = new ImageWorker({ ...patient, retireAfter: 2 * LARGE }, program);
  const values = [1, 2, 3, 4, 5, 6, 7];
  const answers = values.map((value) => read(worker, { value, cost: value % 2 ? LARGE : 1 }));
  assert.deepEqual(await Promise.all(answers), values);
});

Deno.test("closing ends what waits, and takes nothing more", async () => {
  const worker = new ImageWorker(patient, program);
  const waiting = [LARGE, LARGE].map((cost) => read(worker, { deed: "stick", cost }));
  const outcome = Promise.allSettled(waiting);
  await delay(1);
  worker[Symbol.dispose]();
  for (const each of await outcome) {
    assert.match((each as PromiseRejectedResult).reason.message, /has been closed/);
  }
  await assert.rejects(read(worker, {}), /has been closed/);
});
