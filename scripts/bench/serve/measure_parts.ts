/**
 * All parts of `bench:serve`, one after the other.
 *
 * @module
 */

import type { Answer } from "../answer.ts";
import { interleave, type InterleaveOptions } from "../interleave.ts";
import type { Section } from "../report.ts";
import { coldStartSection, measureColdStart } from "./cold_start.ts";
import { fixedRateSection, measureFixedRate } from "./fixed_rate.ts";
import { measureMemory, memorySection } from "./memory.ts";
import { ownServer, storeBundledModels } from "./own_servers.ts";
import { peerServers, serverName } from "./peer_servers.ts";
import { answerTo, requireSame } from "./same_answers.ts";
import type { Part, ServeOptions } from "./serve_options.ts";
import { type ServerKind, startServer } from "./server.ts";
import { measureSoak, soakSection } from "./soak.ts";
import { measureSpeed, speedSection } from "./speed.ts";

/** What to measure. */
export interface PartsOptions extends ServeOptions {
  readonly parts: ReadonlySet<Part>;
  /** Of edgedoor, beside one. */
  readonly workers: number;
  /** Minutes of the soak. */
  readonly soak: number;
  /** Rounds of the parts that take turns. */
  readonly rounds: number;
  /** The path of a Python with the peers; left out, edgedoor alone is measured. */
  readonly python: string | undefined;
  /** Told of each measurement: of which part, of which server. */
  readonly show: (part: string) => (server: string, round: number, answer: Answer) => void;
}

/** Measures the parts that are asked for: every server in a fresh process, in turn. */
export async function measureParts(options: PartsOptions): Promise<Section[]> {
  const folder = await Deno.makeTempDir({ prefix: "edgedoor-bench-" });
  try {
    const kv = `${folder}/models.sqlite`;
    await storeBundledModels(kv);
    return await measureAll(options, kv);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function measureAll(options: PartsOptions, kv: string): Promise<Section[]> {
  const { parts, workers, python, rounds, show } = options;
  const own = [...new Set([1, workers])].map((workers) =>
    ownServer({ name: serverName("edgedoor", workers), workers, kv })
  );
  const peers = python === undefined ? [] : await peersOf(own[0]!, python, options);
  const all = [...own, ...peers];
  const inTurn = (
    part: string,
    servers: readonly ServerKind[],
    measure: (server: ServerKind) => Promise<Answer>,
    options: Omit<InterleaveOptions, "onAnswer">,
  ) =>
    interleave(servers.map((server) => ({ name: server.name, measure: () => measure(server) })), {
      ...options,
      onAnswer: show(part),
    });

  const sections: Section[] = [];
  if (parts.has("cold-start")) {
    const servers = [
      ...[["model in KV", kv], ["bundled models", ":memory:"]].map(([what, kv]) =>
        ownServer({ name: `edgedoor, ${what}`, workers: 1, kv: kv! })
      ),
      ...peers.filter(({ workers }) => workers === 1),
    ];
    // The first start may compile, and read from the disk.
    const inRounds = { rounds, warmUp: true };
    const measure = (server: ServerKind) => measureColdStart(server, options);
    const samples = await inTurn("cold start", servers, measure, inRounds);
    sections.push(coldStartSection(samples, servers));
  }
  const speed = { single: parts.has("single"), saturation: parts.has("saturation") };
  if (speed.single || speed.saturation) {
    const measure = (server: ServerKind) => measureSpeed(server, options, speed);
    const samples = await inTurn("speed", all, measure, { rounds });
    sections.push(speedSection(samples, all, options));
  }
  if (parts.has("rate")) {
    // Once: each takes its minutes.
    const measure = (server: ServerKind) => measureFixedRate(server, options);
    const samples = await inTurn("rate", all, measure, { rounds: 1 });
    sections.push(fixedRateSection(samples, all, options));
  }
  if (parts.has("memory")) {
    const servers = [...own, ...peers.filter(({ workers }) => workers === 1)];
    const measure = (server: ServerKind) => measureMemory(server, options);
    const samples = await inTurn("memory", servers, measure, { rounds: 1 });
    sections.push(memorySection(samples, servers, options));
  }
  if (parts.has("soak")) {
    sections.push(soakSection(await measureSoak(own[0]!, options.soak, options)));
  }
  return sections;
}

/** How far a probability of a peer's may lie off. */
const TOLERANCE = 1e-3;

/** The peers, once they are seen to answer as edgedoor does. */
async function peersOf(
  own: ServerKind,
  python: string,
  { inputs, connections, seconds }: PartsOptions,
): Promise<ServerKind[]> {
  const trial = seconds / 2;
  const peers = await peerServers({ python, input: inputs.digit, connections, trial });
  await using ours = await startServer(own, inputs.digit);
  for (const peer of peers.filter(({ workers }) => workers === 1)) {
    await using theirs = await startServer(peer, inputs.digit);
    for (const which of ["digit", "photograph"] as const) {
      requireSame(
        await answerTo(ours.url, inputs[which]),
        await answerTo(theirs.url, inputs[which]),
        { server: peer.name, tolerance: TOLERANCE },
      );
    }
  }
  return peers;
}
