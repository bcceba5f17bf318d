import assert from "node:assert/strict";
import { formatBytes, formatDuration } from "../../scripts/format.ts";

Deno.test("durations are in seconds, minutes or hours", () => {
  const seconds = [0, 0.4, 59.4, 59.6, 303, 3599.4, 3599.6, 4320];
  assert.deepEqual(seconds.map(formatDuration), [
    ...["0 s", "0 s", "59 s", "1 min 00 s", "5 min 03 s", "59 min 59 s", "1 h 00 min"],
    "1 h 12 min",
  ]);
});

Deno.test("bytes are in decimal units", () => {
  assert.deepEqual([0, 999, 1000, 4_803_216].map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "4.8 MB",
  ]);
});
