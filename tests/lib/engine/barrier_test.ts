import assert from "node:assert/strict";
import { Barrier } from "../../../lib/engine/barrier.ts";
import type { BarrierAnswer, BarrierOrder } from "./barrier_worker.ts";

/** Sends threads through a barrier; answers for how many rounds each saw the others' counts. */
async function meet(threads: number, rounds: number, lateEvery: number): Promise<number[]> {
  const shared = new SharedArrayBuffer(8 + 4 * threads);
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL("./barrier_worker.ts", import.meta.url), { type: "module" }),
  );
  try {
    return await Promise.all(workers.map((worker, thread) =>
      new Promise<number>((resolve) => {
        worker.onmessage = ({ data }: MessageEvent<BarrierAnswer>) => resolve(data);
        const order: BarrierOrder = { shared, thread, threads, rounds, lateEvery };
        worker.postMessage(order);
      })
    ));
  } finally {
    workers.forEach((worker) => worker.terminate());
  }
}

/** Many: what is wrong for a few instructions is seldom seen. */
const ROUNDS = 20_000;

for (const threads of [1, 2]) {
  Deno.test(`${threads}: nobody passes before all have arrived, round after round`, async () => {
    assert.deepEqual(await meet(threads, ROUNDS, ROUNDS + 1), Array(threads).fill(ROUNDS));
  });
}

Deno.test("who has waited so long that it sleeps is woken up", async () => {
  assert.deepEqual(await meet(3, 30, 3), [30, 30, 30]);
});

Deno.test("one thread alone never waits", () => {
  const barrier = new Barrier(new Int32Array(new SharedArrayBuffer(8)), 1);
  for (let round = 0; round < 1000; round++) barrier.wait();
});
