import assert from "node:assert/strict";
import fc from "fast-check";
import { countFlagged } from "../../../lib/evaluate/mod.ts";

const rows = fc.array(fc.record({ poisoned: fc.nat(1), isFlagged: fc.boolean() }));

Deno.test("recall and false alarms are those of a naive count", () =>
  fc.assert(fc.property(rows, (rows) => {
    const flagged = [...rows.keys()].filter((row) => rows[row]!.isFlagged);
    const poisoned = Uint8Array.from(rows, (row) => row.poisoned);
    const share = (kind: number) => {
      const those = rows.filter((row) => row.poisoned === kind);
      return those.length === 0
        ? null
        : those.filter(({ isFlagged }) => isFlagged).length / those.length;
    };
    assert.deepEqual(countFlagged(flagged, poisoned), {
      flagged: flagged.length,
      poisoned: rows.filter((row) => row.poisoned === 1).length,
      recall: share(1),
      falsePositiveRate: share(0),
    });
  })));

Deno.test("a row that is not there, or is named twice, is refused", () => {
  for (const [flagged, got] of [[[3], 3], [[1, 0, 1], 1]] as const) {
    assert.throws(() => countFlagged(flagged, new Uint8Array(3)), {
      name: "RangeError",
      message: `Cannot count flagged rows: each must be one of 3 and named once, got ${got}`,
    });
  }
});
