/**
 * What operations compile themselves with: tensors, gradients, scratch, and the list of passes.
 *
 * @module
 */

import { memoised } from "../core/memoised.ts";
import type { KernelModule } from "../wasm/module.ts";
import type { Buffers } from "./buffers.ts";
import { isKind, type Node, parametersOf, sizeOf } from "./graph.ts";
import type { Optimizer } from "./optimizer.ts";
import {
  type Block,
  type Call,
  call,
  type ImagePass,
  offset,
  type PartPass,
  type Pass,
  type Tensor,
} from "./plan.ts";
import type { Weights } from "./weights.ts";

/** `(N, H, W, C)`, the images of a run: the name of the setting. */
export const IMAGES = "images";
/** The gradient to them. */
export const INPUT_GRADIENT = "gradient to the images";

/** What a program is made for; `"attack"`: gradients to the images, as of a model at inference. */
export type Mode = "training" | "inference" | "attack";

/** What all programs of an engine share. */
export interface Compilation {
  readonly buffers: Buffers;
  readonly weights: Weights;
  /** The module on the buffers' memory; only asked for sizes here. */
  readonly module: KernelModule;
  readonly threads: number;
  readonly batchSize: number;
  readonly optimizer: Optimizer;
}

/** Memory of which each thread has its own. */
export interface Own {
  at(thread: number): number;
}

/** Collects the passes of one program. */
export class Builder {
  readonly compilation: Compilation;
  readonly mode: Mode;
  /** Whether scales and offsets of batch normalisations are given with each run. */
  readonly givesNorms: boolean;
  /** Whether gradients of weights are gathered, in place of the optimizer's step. */
  readonly gathers: boolean;
  readonly passes: Pass[] = [];
  /** Passes before the pause, where there is one. */
  pausedAt: number | undefined;
  readonly #outputs = new Map<Node, Tensor>();
  readonly #gradients = new Map<Node, Tensor>();
  readonly #wanted = new Map<Node, boolean>();
  readonly #memo = new Map<string, unknown>();
  #scratchBytes = 0;
  #scratch: Own | null = null;

  constructor(compilation: Compilation, mode: Mode, { givesNorms = false, gathers = false } = {}) {
    this.compilation = compilation;
    this.mode = mode;
    this.givesNorms = givesNorms;
    this.gathers = gathers;
  }

  /** Appends work on images. */
  images(pass: Omit<ImagePass, "kind">): void {
    this.passes.push({ kind: "images", ...pass });
  }

  /** Appends work that is divided otherwise. */
  parts(pass: Omit<PartPass, "kind">): void {
    this.passes.push({ kind: "parts", ...pass });
  }

  /** Appends work for one thread. */
  once(pass: Omit<PartPass, "kind" | "extent" | "granularity">): void {
    this.parts({ extent: 1, granularity: 1, ...pass });
  }

  /** What is appended from here on waits for something that is done beside the plan. */
  pause(): void {
    this.pausedAt = this.passes.length;
  }

  /** The output of a node. */
  output(node: Node): Tensor {
    return memoised(this.#outputs, node, () => ({
      bytesPerImage: sizeOf(node) * 4,
      setting: isKind(node, "input") ? IMAGES : undefined,
    }));
  }

  /** A tensor that hangs together with a node, for example pooling's codes. */
  besides(node: Node, what: string, bytesPerImage: number): Tensor {
    return this.remember(`${what} of ${node.name}`, () => ({ bytesPerImage }));
  }

  /** Makes something once, under a key of its own. */
  remember<T>(key: string, make: () => T): T {
    return memoised(this.#memo as Map<string, T>, key, make);
  }

  /** Whether the node has weights that this program trains. */
  trains(node: Node): boolean {
    return this.mode === "training" &&
      parametersOf(node).some((parameter) => this.compilation.weights.of(parameter).isTrained);
  }

  /** Whether anybody asks for the gradient of a node's output. */
  wantsGradient(node: Node): boolean {
    if (this.mode === "attack") return true;
    return memoised(
      this.#wanted,
      node,
      () => this.trains(node) || node.inputs.some((input) => this.wantsGradient(input)),
    );
  }

  /** The gradient of a node's output, whole once all its consumers have gone backward. */
  gradient(node: Node): Tensor {
    return this.#gradients.get(node)!;
  }

  /**
   * The gradient of a node's output for one of its consumers to write.
   *
   * @returns `accumulates`: whether others have written before, so that it has to be added to.
   */
  receive(node: Node): { tensor: Tensor; accumulates: boolean } {
    const known = this.#gradients.get(node);
    if (known !== undefined) return { tensor: known, accumulates: true };
    const tensor: Tensor = {
      bytesPerImage: sizeOf(node) * 4,
      setting: isKind(node, "input") ? INPUT_GRADIENT : undefined,
    };
    this.#gradients.set(node, tensor);
    return { tensor, accumulates: false };
  }

  /**
   * As `receive`, for kernels that cannot add: `write` is given a tensor to overwrite. Not called where
   * nobody asks for the gradient.
   */
  overwrite(node: Node, write: (tensor: Tensor) => void): void {
    if (!this.wantsGradient(node)) return;
    const { tensor, accumulates } = this.receive(node);
    if (!accumulates) return write(tensor);
    const addend: Tensor = { bytesPerImage: tensor.bytesPerImage };
    write(addend);
    this.#add(tensor, addend, sizeOf(node));
  }

  /** Hands a gradient that nobody needs any more on to an input that it equals. */
  give(node: Node, gradient: Tensor): void {
    if (!this.wantsGradient(node)) return;
    const known = this.#gradients.get(node);
    if (known !== undefined) this.#add(known, gradient, sizeOf(node));
    else if (isKind(node, "input")) this.#copy(this.receive(node).tensor, gradient);
    else this.#gradients.set(node, gradient);
  }

  #copy(to: Tensor, from: Tensor): void {
    this.images({
      reads: [from],
      writes: [to],
      run: ({ at, count }) => [call("copy", at(from), at(to), from.bytesPerImage * count)],
    });
  }

  #add(to: Tensor, addend: Tensor, size: number): void {
    this.images({
      reads: [addend],
      writes: [to],
      run: ({ at, count }) => [call("add", at(to), at(addend), size * count, 0, at(to))],
    });
  }

  /** A struct of `assembly/`: its address. */
  struct(fields: readonly number[]): number {
    return this.remember(`struct ${fields}`, () => this.compilation.buffers.struct(fields));
  }

  /** Memory of each thread's own. */
  own(bytes: number): Own {
    const { buffers, threads } = this.compilation;
    const addresses = Array.from({ length: threads }, () => buffers.allocate(bytes));
    return { at: (thread) => addresses[thread]! };
  }

  /** Memory of each thread's own that holds for one call. */
  scratch(bytes: number): Own {
    this.#scratchBytes = Math.max(this.#scratchBytes, bytes);
    return {
      at: (thread) => (this.#scratch ??= this.own(this.#scratchBytes)).at(thread),
    };
  }
}

/** The calls for each image of a block in turn. */
export function imageByImage(
  block: Block,
  calls: (image: Block) => readonly Call[],
): readonly Call[] {
  const { thread, first, count, at } = block;
  return Array.from({ length: count }, (_, i) =>
    calls({
      thread,
      first: first + i,
      count: 1,
      at: (tensor) => offset(at(tensor), i * tensor.bytesPerImage),
    })).flat();
}
