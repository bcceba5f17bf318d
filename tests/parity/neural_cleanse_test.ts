/** Neural Cleanse's judgement against `NeuralCleanseMixin`. */

import assert from "node:assert/strict";
import { anomalyIndices } from "../../lib/defence/mod.ts";
import { median } from "../../lib/defence/model/outlier.ts";
import { readCases } from "./vectors.ts";

interface AnomalyCase {
  readonly norms: readonly number[];
  readonly flagged: readonly number[];
}

for (const { norms, flagged } of await readCases<AnomalyCase>("anomaly_index")) {
  Deno.test(`ART's Neural Cleanse: which of ${norms.length} norms are flagged, ${norms[0]} first`, () => {
    const indices = anomalyIndices(norms);
    const found = [...norms.keys()]
      .filter((label) => norms[label]! <= median(norms) && indices[label]! > 2);
    assert.deepEqual(found, flagged);
  });
}
