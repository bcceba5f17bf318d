/**
 * Gradients of tfjs's own kernels, replaced on the wasm backend alone.
 *
 * @module
 */

import {
  engine,
  getGradient,
  type GradConfig,
  type NamedAttrMap,
  registerGradient,
  type Tensor,
} from "@tensorflow/tfjs-core";

/** A gradient that replaces tfjs's. */
export interface GradientOverride {
  /** The kernel whose gradient it is. */
  readonly kernelName: string;
  /** Whether it can work on these: what tfjs's own gradient saves. */
  serves(saved: readonly Tensor[], attributes: NamedAttrMap): boolean;
  /** As tfjs's own. */
  readonly gradFunc: GradConfig["gradFunc"];
}

const overrides = new WeakSet<GradConfig>();

/**
 * Puts a gradient before tfjs's own, which remains for other backends, for what the override does
 * not serve, and where the gradient is itself to be differentiated: tfjs's are compositions of
 * kernels that have gradients, these are not. Where tfjs has registered none yet, or the override is
 * in place, nothing happens.
 */
export function overrideGradient({ kernelName, serves, gradFunc }: GradientOverride): void {
  const stock = getGradient(kernelName);
  if (stock === undefined || overrides.has(stock)) return;
  const config: GradConfig = {
    ...stock,
    gradFunc: (dy, saved, attributes) => {
      const isServed = engine().backendName === "wasm" && !engine().isTapeOn() &&
        serves(saved, attributes);
      return (isServed ? gradFunc : stock.gradFunc)(dy, saved, attributes);
    },
  };
  overrides.add(config);
  registerGradient(config);
}
