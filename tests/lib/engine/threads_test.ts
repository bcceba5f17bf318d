import assert from "node:assert/strict";
import { Buffers } from "../../../lib/engine/buffers.ts";
import type { Plan } from "../../../lib/engine/plan.ts";
import { call } from "../../../lib/engine/plan.ts";
import { Threads } from "../../../lib/engine/threads.ts";
import { sharedKernels } from "./shared_kernels.ts";

function start(threads: number) {
  const buffers = new Buffers();
  return { buffers, group: new Threads(sharedKernels, { buffers, threads }) };
}

Deno.test("stages are run in order: each thread sees what the others wrote before", async () => {
  const threads = 3;
  const { buffers, group } = start(threads);
  const places = Array.from({ length: threads }, () => buffers.allocate(4));
  places.forEach((at, i) => buffers.floats(at, 1)[0] = i + 1);
  // Each thread in its turn adds its right neighbour's value to its own.
  const rounds = 200;
  const plan: Plan = Array.from(
    { length: rounds },
    (_, round) =>
      Array.from(
        { length: threads },
        (_, thread) =>
          thread === round % threads
            ? [call("add", places[thread]!, places[(thread + 1) % threads]!, 1, 0, places[thread]!)]
            : [],
      ),
  );
  const expected = Float32Array.of(1, 2, 3);
  for (let round = 0; round < rounds; round++) {
    const i = round % threads;
    expected[i] = Math.fround(expected[i]! + expected[(i + 1) % threads]!);
  }
  await group.run(plan, {});
  assert.deepEqual(places.map((at) => buffers.floats(at, 1)[0]), [...expected]);
  group.dispose();
});

Deno.test("settings are filled in anew for each run", async () => {
  const { buffers, group } = start(2);
  const [x, y] = [buffers.allocate(8), buffers.allocate(8)];
  buffers.floats(x, 2).set([1, 10]);
  const plan: Plan = [[[], [
    call("add", { setting: "from", plus: 0 }, { setting: "from", plus: 4 }, 1, 0, y),
  ]]];
  buffers.floats(y, 2).set([5, 6]);
  await group.run(plan, { from: x });
  assert.equal(buffers.floats(y, 1)[0], 11);
  await group.run(plan, { from: y });
  assert.equal(buffers.floats(y, 1)[0], 17);
  group.dispose();
});

Deno.test("a thread that fails ends the run, and the group", async () => {
  const { group } = start(2);
  // No fault of memory: without bounds checks, that ends the process.
  const unknown: Plan = [[[{ kernel: "none" as "fill", args: [] }], []]];
  const [first, second] = [group.run(unknown, {}), group.run(unknown, {})];
  await assert.rejects(first, /a thread has failed: .*not a function/);
  await assert.rejects(second, /a thread has failed/);
  await assert.rejects(group.run([[[], []]], {}), /a thread has failed/);
  group.dispose();
});

Deno.test("runs that are asked for together are done in turn", async () => {
  const { buffers, group } = start(2);
  const [x, one] = [buffers.allocate(4), buffers.allocate(4)];
  buffers.floats(one, 1)[0] = 1;
  const plus: Plan = [[[call("add", x, one, 1, 0, x)], []]];
  const double: Plan = [[[], [call("add", x, x, 1, 0, x)]]];
  const seen: number[] = [];
  await Promise.all(
    [plus, double, plus, double].map((plan, i) => group.run(plan, {}).then(() => seen.push(i))),
  );
  assert.deepEqual(seen, [0, 1, 2, 3]);
  assert.equal(buffers.floats(x, 1)[0], 6);
  group.dispose();
});

Deno.test("disposing of a group ends what is under way", async () => {
  const { buffers, group } = start(2);
  const bytes = 1 << 24;
  const at = buffers.allocate(bytes);
  // One thread has work for minutes, the other waits for it at the barrier.
  const long: Plan = [[Array(100_000).fill(call("fill", at, bytes)), []]];
  const runs = [long, [[[], []]]].map((plan) => group.run(plan, {}));
  setTimeout(() => group.dispose(), 50);
  for (const outcome of await Promise.allSettled(runs)) {
    assert.match(String(outcome.status === "rejected" && outcome.reason), /disposed of/);
  }
  await assert.rejects(group.run(long, {}), /disposed of/);
  group.dispose();
});
