import assert from "node:assert/strict";
import {
  coreMilliseconds,
  parseTime,
  residentBytes,
  treeOf,
  watchMemory,
} from "../../../../scripts/bench/serve/process_tree.ts";

Deno.test("the memory of a process is that of all that it started, and of no other", () => {
  const listing = [
    "    1     0  1000",
    "   12    10    40",
    "   10     1   100",
    "   11    10    20",
    "  110     1  9000",
    "   13    12     3",
  ].join("\n");
  const tree = treeOf(`${listing}\n`, 10);
  assert.deepEqual(tree.map(({ pid }) => pid).sort(), [10, 11, 12, 13]);
  assert.equal(tree.reduce((sum, { resident }) => sum + resident, 0), 163 * 1024);
  assert.deepEqual(treeOf(listing, 13), [{ pid: 13, resident: 3 * 1024 }]);
  assert.deepEqual(treeOf(listing, 99), []);
});

Deno.test("the time of a process is read whatever the program's name", async () => {
  const rest = "S 1 1 1 0 -1 4194560 90 0 0 0 12 34 0 0 20 0 1 0 100 1000 100";
  assert.equal(parseTime(`7 (a) b (c) ${rest}\n`), 460);
  // It waits for its input.
  const child = new Deno.Command("cat", { stdin: "piped", stdout: "null" }).spawn();
  const milliseconds = await coreMilliseconds(child.pid);
  await child.stdin.close();
  await child.status;
  if (Deno.build.os === "linux") assert.ok(milliseconds !== null && milliseconds >= 0);
  else assert.equal(milliseconds, null);
});

Deno.test("memory is looked at while work goes on, and after it", async () => {
  assert.ok(await residentBytes(Deno.pid) > 1e6);
  const { result, seen } = await watchMemory(Deno.pid, () => Promise.resolve("done"));
  assert.equal(result, "done");
  assert.ok(seen.length >= 2);
  assert.ok(seen.every((bytes) => bytes > 1e6));
  await assert.rejects(watchMemory(Deno.pid, () => Promise.reject(new Error("no"))), /no/);
});
