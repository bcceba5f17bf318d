/** Whether servers answer the same, and how their figures are compared. */

import assert from "node:assert/strict";
import { samplesOf } from "../../../../scripts/bench/interleave.ts";
import { peerComparisons } from "../../../../scripts/bench/serve/peer_ratios.ts";
import { type ComparedAnswer, requireSame } from "../../../../scripts/bench/serve/same_answers.ts";
import type { ServerKind } from "../../../../scripts/bench/serve/server.ts";

function answer(probability: number, label = 0): ComparedAnswer {
  const predictions = [
    { model: "m", label, confidence: probability, probabilities: [probability, 1 - probability] },
  ];
  const reading = { png: "data:image/png;base64,", predictions };
  return {
    image: { width: 28, height: 28, channels: 1 },
    trigger: { kind: "pixel", distance: 2, value: 1, pixels: [[26, 26]] },
    original: reading,
    poisoned: reading,
    flipped: false,
    target: 0,
  };
}

Deno.test("servers that answer otherwise are not compared", () => {
  const options = { server: "Peer", tolerance: 1e-3 };
  requireSame(answer(0.9), answer(0.9005), options);
  const others: readonly [what: string, other: ComparedAnswer][] = [
    ["another probability", answer(0.902)],
    ["another label", answer(0.9, 1)],
    ["another target", { ...answer(0.9), target: 1 }],
    ["another place", { ...answer(0.9), trigger: { ...answer(0.9).trigger, pixels: [[1, 1]] } }],
    ["no clean twin", { ...answer(0.9), poisoned: { png: "", predictions: [] } }],
    ["a probability that is none", answer(NaN)],
  ];
  for (const [what, other] of others) {
    assert.throws(() => requireSame(answer(0.9), other, options), /Cannot compare with Peer/, what);
  }
});

function server(name: string, workers: number): ServerKind {
  return {
    name,
    workers,
    isOwn: name.startsWith("own"),
    command: () => ({ command: ["false"] }),
  };
}

Deno.test("edgedoor's median is set beside the best round of the best peer with as many workers", () => {
  const rounds = (...rates: readonly number[]) =>
    rates.map((rate) => ({ figures: { rate, p50: 1000 / rate }, about: {} }));
  const samples = samplesOf(
    new Map([
      ["own, 1", rounds(100, 120, 140)],
      ["own, 2", rounds(200, 240, 280)],
      ["a, 1", rounds(50, 80, 60)],
      ["b, 1", rounds(70, 70, 70)],
      ["b, 2", rounds(100, 160, 100)],
    ]),
  );
  const servers = [
    server("own, 1", 1),
    server("own, 2", 2),
    server("a, 1", 1),
    server("b, 1", 1),
    server("b, 2", 2),
  ];
  const compared = peerComparisons(samples, servers, { rate: "more", p50: "less", p99: "less" });
  assert.deepEqual(
    compared.map(({ own, figure, peer, advantage }) => [own, figure, peer, advantage.toFixed(3)]),
    [
      ["own, 1", "rate", "a, 1", "1.500"],
      ["own, 1", "p50", "a, 1", "1.500"],
      ["own, 2", "rate", "b, 2", "1.500"],
      ["own, 2", "p50", "b, 2", "1.500"],
    ],
  );
});
