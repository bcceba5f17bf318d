/**
 * The weights of a model in the engine's memory: what lies where, and the way from and to the network.
 *
 * @module
 */

import { memoised } from "../core/memoised.ts";
import type { Buffers } from "./buffers.ts";
import { type Graph, product } from "./graph.ts";
import type { Parameter } from "./network.ts";
import { type Optimizer, updateCall } from "./optimizer.ts";
import type { Call } from "./plan.ts";
import type { WeightsAndGradient } from "./sharpness.ts";

/** One array of weights in the engine's memory. */
export interface StoredParameter {
  readonly parameter: Parameter;
  readonly address: number;
  /** Floats that it takes, padding included. */
  readonly length: number;
  /** Of a dense layer's weights: how they lie. */
  readonly rows?: Rows;
  readonly isTrained: boolean;
  /** What the optimizer remembers of each weight; 0 where it is not trained. */
  readonly first: number;
  readonly second: number;
  /** Where threads sum up its gradient; `null` where it is not trained, or not summed by image. */
  readonly gradients: GradientSums | null;
}

/** A matrix whose rows begin some way apart. */
export interface Rows {
  /** Floats from one row's begin to the next one's. */
  readonly pitch: number;
  /**
   * Whether they are kept transposed, `(units, inputs)`, as training does: three of its four
   * products then read them along the row. To classify a few images, the product reads them in
   * place as the network has them.
   */
  readonly isTransposed: boolean;
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
  readonly #gathered = new Map<StoredParameter, number>();

  /**
   * Reserves room for them; `load` fills it.
   *
   * @param options `isTraining`: whether there is to be room for gradients and the optimizer. `frozen`:
   * which parameters are not trained even so.
   */
  constructor(
    graph: Graph,
    { buffers, threads, isTraining, frozen }: {
      readonly buffers: Buffers;
      readonly threads: number;
      readonly isTraining: boolean;
      readonly frozen?: ReadonlySet<Parameter>;
    },
  ) {
    this.#buffers = buffers;
    const ofDense = new Set(
      graph.nodes.flatMap(({ operation }) => operation.kind === "dense" ? [operation.weights] : []),
    );
    for (const parameter of graph.parameters) {
      const rows = ofDense.has(parameter) ? rowsOf(parameter, isTraining) : undefined;
      const [inputs, units] = parameter.shape;
      const length = rows === undefined
        ? product(parameter.shape)
        : rows.pitch * (rows.isTransposed ? units! : inputs!);
      const isTrained = isTraining && parameter.isTrainable && !frozen?.has(parameter);
      const gradientPitch = Math.ceil(length / 16) * 64 + 64;
      this.#stored.set(parameter, {
        parameter,
        address: buffers.allocate(length * 4),
        length,
        rows,
        isTrained,
        first: isTrained ? buffers.allocate(length * 4) : 0,
        second: isTrained ? buffers.allocate(length * 4) : 0,
        gradients: isTrained && rows === undefined
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

  /** Where a parameter's gradient is gathered, laid out as the parameter is. */
  gathered(stored: StoredParameter): number {
    return memoised(this.#gathered, stored, () => this.#buffers.allocate(stored.length * 4));
  }

  /** Views of what is trained, with the gradient that has been gathered; to be used at once. */
  trained(): WeightsAndGradient[] {
    return this.all().filter(({ isTrained }) => isTrained).map((stored) => ({
      weights: this.#buffers.floats(stored.address, stored.length),
      gradient: this.#buffers.floats(this.gathered(stored), stored.length),
    }));
  }

  /** Copies of all of them as they lie in the engine's memory. */
  snapshot(): Float32Array[] {
    return this.all().map(({ address, length }) => this.#buffers.floats(address, length).slice());
  }

  /** Puts a snapshot back. */
  restore(snapshot: readonly Float32Array[]): void {
    this.all().forEach(({ address, length }, i) =>
      this.#buffers.floats(address, length).set(snapshot[i]!)
    );
  }

  /** Copies the weights of the network into the engine's memory. */
  load(): void {
    for (const { parameter } of this.all()) {
      const given = parameter.read();
      // At once: many small conversions take five times as long.
      this.write(parameter, given instanceof Float32Array ? given : new Float32Array(given));
    }
  }

  /** Copies them back. */
  save(): void {
    for (const { parameter } of this.all()) parameter.write(this.read(parameter));
  }

  /** Puts a parameter's values, row-major, into the engine's memory. */
  write(parameter: Parameter, values: Float32Array): void {
    const { address, length, rows } = this.of(parameter);
    const place = this.#buffers.floats(address, length);
    const [inputs = 0, units = 0] = parameter.shape;
    if (rows === undefined) place.set(values);
    else if (rows.isTransposed) {
      for (let unit = 0; unit < units; unit++) {
        for (let i = 0; i < inputs; i++) place[unit * rows.pitch + i] = values[i * units + unit]!;
      }
    } else {
      // Put down together and then moved apart, the last one first; what lies between is not read.
      place.set(values);
      for (let i = inputs - 1; i > 0; i--) {
        place.copyWithin(i * rows.pitch, i * units, (i + 1) * units);
      }
    }
  }

  /** A copy of a parameter's values in the engine's memory, row-major. */
  read(parameter: Parameter): Float32Array<ArrayBuffer> {
    const { address, length, rows } = this.of(parameter);
    const place = this.#buffers.floats(address, length);
    const values = new Float32Array(product(parameter.shape));
    const [inputs = 0, units = 0] = parameter.shape;
    if (rows === undefined) values.set(place);
    else if (rows.isTransposed) {
      for (let unit = 0; unit < units; unit++) {
        for (let i = 0; i < inputs; i++) values[i * units + unit] = place[unit * rows.pitch + i]!;
      }
    } else {
      for (let i = 0; i < inputs; i++) {
        values.set(place.subarray(i * rows.pitch, i * rows.pitch + units), i * units);
      }
    }
    return values;
  }
}

/** The calls by which weights follow gradients that have been gathered. */
export function gatheredUpdates(weights: Weights, optimizer: Optimizer): Call[] {
  return weights.all().filter(({ isTrained }) => isTrained).map((stored) =>
    updateCall(optimizer, {
      weights: stored.address,
      first: stored.first,
      second: stored.second,
      gradients: weights.gathered(stored),
      parts: 1,
      partPitch: 0,
      count: stored.length,
    })
  );
}

function rowsOf({ shape: [inputs, units] }: Parameter, isTransposed: boolean): Rows {
  // A pitch of 4,096 bytes' multiple would put all rows on the same sets of the cache.
  const pitch = Math.ceil((isTransposed ? inputs! : units!) / 16) * 16 + 16;
  return { pitch, isTransposed };
}
