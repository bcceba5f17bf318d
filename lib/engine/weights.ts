/**
 * The weights of a model in the engine's memory: what lies where, and the way from and to the network.
 *
 * @module
 */

import type { Buffers } from "./buffers.ts";
import { type Graph, product } from "./graph.ts";
import type { Parameter } from "./network.ts";

/** One array of weights in the engine's memory. */
export interface StoredParameter {
  readonly parameter: Parameter;
  readonly address: number;
  /** Floats that it takes, padding included. */
  readonly length: number;
  /**
   * Of a dense layer's weights, which are kept transposed, `(units, inputs)`: floats from one
   * unit's to the next. Three of its four products then read them along the row.
   */
  readonly pitch?: number;
  /** What the optimizer remembers of each weight; 0 where it is not trained. */
  readonly first: number;
  readonly second: number;
  /** Where threads sum up its gradient; `null` where it is not trained, or not summed by image. */
  readonly gradients: GradientSums | null;
}

/** Sums of one parameter's gradient, one a thread. */
export interface GradientSums {
  /** The first thread's, of as many floats as the parameter. */
  readonly address: number;
  /** Bytes from one thread's to the next one's. */
  readonly pitch: number;
}

/** All weights of a model. */
export class Weights {
  readonly #buffers: Buffers;
  readonly #stored = new Map<Parameter, StoredParameter>();

  /**
   * Reserves room for them; `load` fills it.
   *
   * @param options `isTraining`: whether there is to be room for gradients and the optimizer.
   */
  constructor(
    graph: Graph,
    { buffers, threads, isTraining }: { buffers: Buffers; threads: number; isTraining: boolean },
  ) {
    this.#buffers = buffers;
    const transposed = new Set(
      graph.nodes.flatMap(({ operation }) => operation.kind === "dense" ? [operation.weights] : []),
    );
    for (const parameter of graph.parameters) {
      const [rows, columns] = parameter.shape;
      // A pitch of 4,096 bytes' multiple would put all rows on the same sets of the cache.
      const pitch = transposed.has(parameter) ? Math.ceil(rows! / 16) * 16 + 16 : undefined;
      const length = pitch === undefined ? product(parameter.shape) : pitch * columns!;
      const isTrained = isTraining && parameter.isTrainable;
      const gradientPitch = Math.ceil(length / 16) * 64 + 64;
      this.#stored.set(parameter, {
        parameter,
        address: buffers.allocate(length * 4),
        length,
        pitch,
        first: isTrained ? buffers.allocate(length * 4) : 0,
        second: isTrained ? buffers.allocate(length * 4) : 0,
        gradients: isTrained && pitch === undefined
          ? { address: buffers.allocate(gradientPitch * threads), pitch: gradientPitch }
          : null,
      });
    }
  }

  /** Where a parameter lies. */
  of(parameter: Parameter): StoredParameter {
    return this.#stored.get(parameter)!;
  }

  /** All of them, in tfjs's order. */
  all(): StoredParameter[] {
    return [...this.#stored.values()];
  }

  /** Copies the weights of the network into the engine's memory. */
  load(): void {
    for (const stored of this.all()) {
      const values = stored.parameter.read();
      const place = this.#buffers.floats(stored.address, stored.length);
      forEachWeight(stored, (own, theirs) => place[own] = values[theirs]!);
    }
  }

  /** Copies them back. */
  save(): void {
    for (const stored of this.all()) {
      const { parameter, address, length } = stored;
      const values = new Float32Array(product(parameter.shape));
      const place = this.#buffers.floats(address, length);
      forEachWeight(stored, (own, theirs) => values[theirs] = place[own]!);
      parameter.write(values);
    }
  }
}

/** Calls `visit` for each weight with its index in the engine's array and in the network's. */
function forEachWeight(
  { parameter: { shape }, length, pitch }: StoredParameter,
  visit: (own: number, theirs: number) => void,
): void {
  if (pitch === undefined) {
    for (let i = 0; i < length; i++) visit(i, i);
    return;
  }
  const [rows, columns] = shape as [number, number];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      visit(column * pitch + row, row * columns + column);
    }
  }
}
