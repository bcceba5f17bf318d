/**
 * The plan: a network's work as passes over buffers, put into stages with a barrier behind each,
 * and from there into one list of kernel calls a thread.
 *
 * @module
 */

import type { KernelModule } from "../wasm/module.ts";
import type { Buffers } from "./buffers.ts";

/** A value that is known only when a step is run. */
export interface Setting {
  readonly setting: string;
  /** Added to it. */
  readonly plus: number;
}

/** An argument of a kernel. */
export type Argument = number | Setting;

/** One call of a kernel; can be sent to a thread. */
export interface Call {
  readonly kernel: keyof KernelModule;
  readonly args: readonly Argument[];
}

/** For each thread its calls, in order; then all wait for each other. */
export type Stage = readonly (readonly Call[])[];

/** What threads are to do, from beginning to end. */
export type Plan = readonly Stage[];

/** As many arguments as a kernel takes. */
type ArgumentsOf<Parameters extends unknown[]> = { [I in keyof Parameters]: Argument };

/** A call, its arguments counted by TypeScript. */
export function call<K extends keyof KernelModule>(
  kernel: K,
  ...args: ArgumentsOf<Parameters<KernelModule[K]>>
): Call {
  return { kernel, args };
}

/** An argument moved on by a number of bytes. */
export function offset(at: Argument, bytes: number): Argument {
  return typeof at === "number" ? at + bytes : { ...at, plus: at.plus + bytes };
}

/** Values of each image of a batch. */
export interface Tensor {
  readonly bytesPerImage: number;
  /** Where a caller puts it, or finds it: the name of a setting. */
  readonly setting?: string;
}

/**
 * How threads divide what a pass touches: each its own images, each a copy of its own, or everybody
 * everything.
 */
type Division = "image" | "thread" | "all";

interface Access {
  /** A tensor, or whatever object stands for a piece of memory. */
  readonly what: object;
  readonly by: Division;
  readonly writes: boolean;
}

/** What a pass touches. Where one thread reads what another wrote, a barrier is put between. */
export interface Accesses {
  readonly reads?: readonly Tensor[];
  readonly writes?: readonly Tensor[];
  /** Read across threads. */
  readonly readsAll?: readonly object[];
  /** Written across threads. */
  readonly writesAll?: readonly object[];
  /** Each thread's own, read or written. */
  readonly own?: readonly object[];
}

/** Some images of one thread. */
export interface Block {
  readonly thread: number;
  /** The first of them in the batch. */
  readonly first: number;
  readonly count: number;
  /** Where their values of a tensor begin. */
  at(tensor: Tensor): Argument;
}

/** A part of something, for one thread. */
export interface Part {
  readonly thread: number;
  readonly from: number;
  /** Not included. */
  readonly to: number;
  /** Images in the batch. */
  readonly images: number;
  /** Where a tensor's values begin, of all images. */
  at(tensor: Tensor): Argument;
}

/** Work on images, a block at a time; blocks go through all passes of a run, one after the other. */
export interface ImagePass extends Accesses {
  readonly kind: "images";
  /** Done by each thread before its first block, whether it has one or not. */
  readonly before?: (thread: number, images: number) => readonly Call[];
  readonly run: (block: Block) => readonly Call[];
  /** Done by each thread behind its last block. */
  readonly after?: (thread: number) => readonly Call[];
}

/** Work that is divided along something else than images. */
export interface PartPass extends Accesses {
  readonly kind: "parts";
  readonly extent: number;
  /** Parts begin at multiples of this. An extent of no more than that is one thread's work. */
  readonly granularity: number;
  /** Whether what it writes follows from the weights alone. */
  readonly isPreparation?: boolean;
  readonly run: (part: Part) => readonly Call[];
}

export type Pass = ImagePass | PartPass;

/** Consecutive passes of one stage: over images block by block, or one pass in parts. */
type Run = readonly ImagePass[] | PartPass;

/** A block's largest tensor should not exceed this, so that the next pass finds it in the cache. */
const BLOCK_BYTES = 256 * 1024;

/** All of a plan, or what stands before its pause, or behind it. */
export type PlanPart = "whole" | "first" | "second";

/** Passes in stages, with a place for each tensor: from it the plan for any number of images. */
export class Program {
  readonly #stages: readonly (readonly Run[])[];
  /** Stages before the pause. */
  readonly #pause: number;
  readonly #threads: number;
  readonly #places = new Map<Tensor, TensorPlace>();

  /**
   * @param passes In the order of a single thread.
   * @param options `batchSize`: most images of a plan; `pause`: how many passes stand before a pause,
   * where something can be done beside the plan; none unless given.
   */
  constructor(
    passes: readonly Pass[],
    { buffers, threads, batchSize, pause = 0 }: {
      readonly buffers: Buffers;
      readonly threads: number;
      readonly batchSize: number;
      readonly pause?: number | undefined;
    },
  ) {
    this.#threads = threads;
    const first = stagesOf(passes.slice(0, pause));
    this.#pause = first.length;
    this.#stages = [...first, ...stagesOf(passes.slice(pause))].map(runsOf);
    for (const [tensor, runs] of usesOf(this.#stages)) {
      if (tensor.setting !== undefined) continue;
      const [run] = runs;
      // What only one run touches is not kept: each thread has room for a block of it.
      const isLocal = runs.size === 1 && Array.isArray(run);
      const images = isLocal
        ? Math.min(batchSize, blockSize(run as readonly ImagePass[]))
        : batchSize;
      const copies = isLocal ? threads : 1;
      const bases = Array.from(
        { length: copies },
        () => buffers.allocate(images * tensor.bytesPerImage),
      );
      this.#places.set(tensor, { isLocal, bases });
    }
  }

  /**
   * What each thread does for a batch of this many images, from 1 to `batchSize`.
   *
   * @param options `isPrepared`: leaves out what follows from the weights alone, where another plan
   * of this program has run since they changed. `part`: `"whole"` unless given.
   */
  plan(
    images: number,
    { isPrepared = false, part = "whole" }: {
      readonly isPrepared?: boolean;
      readonly part?: PlanPart;
    } = {},
  ): Plan {
    const stages = part === "first"
      ? this.#stages.slice(0, this.#pause)
      : this.#stages.slice(part === "second" ? this.#pause : 0);
    const isWork = (run: Run) =>
      !isPrepared || Array.isArray(run) || !(run as PartPass).isPreparation;
    return stages.map((runs) => runs.filter(isWork)).filter(({ length }) => length > 0).map((
      runs,
    ) =>
      Array.from(
        { length: this.#threads },
        (_, thread) =>
          runs.flatMap((run) =>
            Array.isArray(run)
              ? this.#imageCalls(run, { thread, images })
              : this.#partCalls(run as PartPass, { thread, images })
          ),
      )
    );
  }

  #imageCalls(
    run: readonly ImagePass[],
    { thread, images }: { thread: number; images: number },
  ): Call[] {
    const end = share(images, thread + 1, this.#threads);
    const calls = run.flatMap(({ before }) => before?.(thread, images) ?? []);
    const size = blockSize(run);
    for (let first = share(images, thread, this.#threads); first < end; first += size) {
      const count = Math.min(size, end - first);
      const at = (tensor: Tensor) => this.#at(tensor, { thread, first });
      for (const pass of run) calls.push(...pass.run({ thread, first, count, at }));
    }
    calls.push(...run.flatMap(({ after }) => after?.(thread) ?? []));
    return calls;
  }

  #partCalls(
    { extent, granularity, run }: PartPass,
    { thread, images }: { thread: number; images: number },
  ): readonly Call[] {
    const pieces = Math.ceil(extent / granularity);
    const from = share(pieces, thread, this.#threads) * granularity;
    const to = Math.min(extent, share(pieces, thread + 1, this.#threads) * granularity);
    if (from >= to) return [];
    const at = (tensor: Tensor) => this.#at(tensor, { thread, first: 0 });
    return run({ thread, from, to, images, at });
  }

  #at(tensor: Tensor, { thread, first }: { thread: number; first: number }): Argument {
    const bytes = first * tensor.bytesPerImage;
    if (tensor.setting !== undefined) return { setting: tensor.setting, plus: bytes };
    const { isLocal, bases } = this.#places.get(tensor)!;
    return isLocal ? bases[thread]! : bases[0]! + bytes;
  }
}

interface TensorPlace {
  readonly isLocal: boolean;
  readonly bases: readonly number[];
}

/**
 * Where the share of a thread begins among n things. One thing alone is the last thread's: the first
 * has what others cannot share.
 */
function share(n: number, thread: number, threads: number): number {
  return Math.floor(n * thread / threads);
}

function accessesOf(pass: Pass): Access[] {
  const list = (what: readonly object[] | undefined, by: Division, writes: boolean): Access[] =>
    what?.map((each) => ({ what: each, by, writes })) ?? [];
  const own = pass.kind === "images" ? "image" : "all";
  return [
    ...list(pass.reads, own, false),
    ...list(pass.writes, own, true),
    ...list(pass.readsAll, "all", false),
    ...list(pass.writesAll, "all", true),
    ...list(pass.own, "thread", true),
  ];
}

/** Whether one pass has to wait until all threads are through with the other. */
function conflicts(earlier: Pass, later: Pass): boolean {
  const before = accessesOf(earlier);
  return accessesOf(later).some((access) =>
    before.some(({ what, by, writes }) =>
      what === access.what && (writes || access.writes) && (by === "all" || by !== access.by)
    )
  );
}

function stagesOf(passes: readonly Pass[]): Pass[][] {
  const stages: Pass[][] = [];
  for (const pass of passes) {
    const stage = stages.at(-1);
    if (stage === undefined || stage.some((earlier) => conflicts(earlier, pass))) {
      stages.push([pass]);
    } else stage.push(pass);
  }
  return stages;
}

function runsOf(stage: readonly Pass[]): Run[] {
  const runs: (ImagePass[] | PartPass)[] = [];
  for (const pass of stage) {
    const run = runs.at(-1);
    if (pass.kind === "parts") runs.push(pass);
    else if (Array.isArray(run)) run.push(pass);
    else runs.push([pass]);
  }
  return runs;
}

/** For each tensor the runs that touch it. */
function usesOf(stages: readonly (readonly Run[])[]): Map<Tensor, Set<Run>> {
  const uses = new Map<Tensor, Set<Run>>();
  for (const run of stages.flat()) {
    const passes: readonly Pass[] = Array.isArray(run) ? run : [run as PartPass];
    for (const { reads = [], writes = [] } of passes) {
      for (const tensor of [...reads, ...writes]) {
        uses.set(tensor, (uses.get(tensor) ?? new Set()).add(run));
      }
    }
  }
  return uses;
}

/** Images in a block of a run. */
function blockSize(run: readonly ImagePass[]): number {
  const largest = Math.max(
    ...run.flatMap(({ reads = [], writes = [] }) => [...reads, ...writes])
      .map(({ bytesPerImage }) => bytesPerImage),
  );
  return Math.max(1, Math.floor(BLOCK_BYTES / largest));
}
