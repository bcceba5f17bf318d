import assert from "node:assert/strict";
import {
  residentBytes,
  sumTree,
  watchMemory,
} from "../../../../scripts/bench/serve/process_memory.ts";

Deno.test("the memory of a process is that of all that it started, and of no other", () => {
  const listing = [
    "    1     0  1000",
    "   12    10    40",
    "   10     1   100",
    "   11    10    20",
    "  110     1  9000",
    "   13    12     3",
  ].join("\n");
  assert.equal(sumTree(`${listing}\n`, 10), 163 * 1024);
  assert.equal(sumTree(listing, 13), 3 * 1024);
  assert.equal(sumTree(listing, 99), 0);
});

Deno.test("memory is looked at while work goes on, and after it", async () => {
  assert.ok(await residentBytes(Deno.pid) > 1e6);
  const { result, seen } = await watchMemory(Deno.pid, () => Promise.resolve("done"));
  assert.equal(result, "done");
  assert.ok(seen.length >= 2);
  assert.ok(seen.every((bytes) => bytes > 1e6));
  await assert.rejects(watchMemory(Deno.pid, () => Promise.reject(new Error("no"))), /no/);
});
