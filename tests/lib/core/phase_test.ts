import assert from "node:assert/strict";
import { phase, type PhaseEvent, wait } from "../../../lib/core/phase.ts";

function listen() {
  const events: [done: number, total: number][] = [];
  const onEvent = ({ done, total }: PhaseEvent) => void events.push([done, total]);
  return { events, onEvent };
}

Deno.test("a phase tells that it begins, how far it is, and that it is through", async () => {
  const { events, onEvent } = listen();
  const { signal } = new AbortController();
  const result = await phase("counting", { onEvent, signal }, (onStep) => {
    for (let done = 1; done <= 3; done++) onStep(done, 3);
    return Promise.resolve("counted");
  });
  assert.equal(result, "counted");
  assert.deepEqual(events, [[0, 0], [1, 3], [2, 3], [3, 3]]);
});

Deno.test("a signal stops a phase between two steps", async () => {
  const { events, onEvent } = listen();
  const stop = new AbortController();
  const counting = phase("counting", { onEvent, signal: stop.signal }, (onStep) => {
    onStep(1, 3);
    stop.abort(new Error("stopped"));
    onStep(2, 3);
    return Promise.resolve();
  });
  await assert.rejects(counting, { message: "stopped" });
  assert.deepEqual(events, [[0, 0], [1, 3]]);
});

Deno.test("what is waited for is told to begin and to end, and not to end if it fails", async () => {
  const { events, onEvent } = listen();
  assert.equal(await wait("waiting", { onEvent }, () => Promise.resolve(7)), 7);
  assert.deepEqual(events, [[0, 0], [1, 1]]);
  await assert.rejects(wait("waiting", { onEvent }, () => Promise.reject(new Error("no"))), /no/);
  assert.deepEqual(events.slice(2), [[0, 0]]);
});
