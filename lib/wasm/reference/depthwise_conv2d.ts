/**
 * Depthwise 2-D convolution and its gradients.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";
import { pixelOffset, type Sides, type WindowOptions, windowPixels } from "./window.ts";

/**
 * y[n, oy, ox, c·m + q] = Σ x[n, iy, ix, c] · filter[fy, fx, c, q].
 *
 * @param x `(batch, inH, inW, inC)`.
 * @param filter `(filterH, filterW, inC, m)`.
 * @returns `(batch, outH, outW, inC·m)`.
 */
export function depthwiseConv2d(x: Values, filter: Values, options: WindowOptions): Values {
  const [filterH = 0, filterW = 0, inC = 0, multiplier = 0] = filter.shape;
  const y = zeros([x.shape[0]!, ...options.outSize, inC * multiplier]);
  for (const at of products(x.shape, y.shape, [filterH, filterW], options)) {
    y.data[at.y]! += x.data[at.x]! * filter.data[at.filter]!;
  }
  return y;
}

/**
 * The gradient to the filter.
 *
 * @param options The windows, and the filter's height and width.
 * @returns `(filterH, filterW, inC, m)`.
 */
export function depthwiseConv2dBackpropFilter(
  x: Values,
  dy: Values,
  options: WindowOptions & { filterSize: Sides },
): Values {
  const inC = x.shape[3]!;
  const dFilter = zeros([...options.filterSize, inC, dy.shape[3]! / inC]);
  for (const at of products(x.shape, dy.shape, options.filterSize, options)) {
    dFilter.data[at.filter]! += x.data[at.x]! * dy.data[at.y]!;
  }
  return dFilter;
}

/**
 * The gradient to the input.
 *
 * @param options The windows, and the images' height and width.
 * @returns `(batch, inH, inW, inC)`.
 */
export function depthwiseConv2dBackpropInput(
  dy: Values,
  filter: Values,
  options: WindowOptions & { inSize: Sides },
): Values {
  const [filterH = 0, filterW = 0, inC = 0] = filter.shape;
  const dx = zeros([dy.shape[0]!, ...options.inSize, inC]);
  for (const at of products(dx.shape, dy.shape, [filterH, filterW], options)) {
    dx.data[at.x]! += dy.data[at.y]! * filter.data[at.filter]!;
  }
  return dx;
}

/** Where the factors of one product lie in x and the filter, and its sum in y. */
interface Product {
  readonly x: number;
  readonly filter: number;
  readonly y: number;
}

function* products(
  xShape: readonly number[],
  yShape: readonly number[],
  filterSize: Sides,
  options: WindowOptions,
): Generator<Product> {
  const inC = xShape[3]!;
  const outC = yShape[3]!;
  for (const at of windowPixels(xShape, filterSize, options)) {
    const x = pixelOffset(xShape, [at.image, at.inY, at.inX]);
    const y = pixelOffset(yShape, [at.image, at.outY, at.outX]);
    const filter = (at.filterY * filterSize[1] + at.filterX) * outC;
    for (let j = 0; j < outC; j++) {
      yield { x: x + Math.floor(j * inC / outC), filter: filter + j, y: y + j };
    }
  }
}
