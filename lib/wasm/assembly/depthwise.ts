/**
 * Gradients of a depthwise convolution: channel c of x makes the channels c·m … c·m + m − 1 of y, by
 * a filter `(filterH, filterW, inC, m)`. Its sizes are those of a convolution whose outC is inC · m.
 */

import { Convolution } from "./convolution";
import { reachBegin, reachEnd } from "./pooling";

/**
 * dFilter += Σ x · dy over all windows.
 *
 * @param x `(images, inH, inW, inC)`.
 * @param dy `(images, outH, outW, outC)`.
 * @param dFilter `(filterH, filterW, outC)`, added to.
 */
export function depthwiseFilterGradient(
  shape: Convolution,
  images: i32,
  x: usize,
  dy: usize,
  dFilter: usize,
): void {
  const outW = shape.outW;
  const pixelX = <usize> shape.inC << 2, pixelY = <usize> shape.outC << 2;
  const rowX = <usize> shape.inW * pixelX, rowY = <usize> outW * pixelY;
  const step = <usize> shape.strideW * pixelX;
  for (let image = 0; image < images; image++) {
    for (let oy = 0; oy < shape.outH; oy++) {
      const top = oy * shape.strideH - shape.padTop;
      const begin = reachBegin(top, shape.dilationH);
      const end = reachEnd(top, shape.dilationH, shape.filterH, shape.inH, begin);
      for (let ky = begin; ky < end; ky++) {
        const row = x + <usize> (top + ky * shape.dilationH) * rowX;
        for (let kx = 0; kx < shape.filterW; kx++) {
          // The windows of this row whose column kx is in the image.
          const left = kx * shape.dilationW - shape.padLeft;
          const first = reachBegin(left, shape.strideW);
          const count = reachEnd(left, shape.strideW, outW, shape.inW, first) - first;
          const from = row + <usize> (left + first * shape.strideW) * pixelX;
          const to = dFilter + <usize> (ky * shape.filterW + kx) * pixelY;
          addRowOfProducts(shape, count, from, step, dy + <usize> first * pixelY, to);
        }
      }
      dy += rowY;
    }
    x += <usize> shape.inH * rowX;
  }
}

/** out `(outC)` += Σ x · dy over `count` pixels of x, `step` bytes apart, and as many of dy. */
function addRowOfProducts(
  shape: Convolution,
  count: i32,
  x: usize,
  step: usize,
  dy: usize,
  out: usize,
): void {
  const outC = shape.outC;
  const multiplier = outC / shape.inC;
  const pixelY = <usize> outC << 2;
  let j = 0;
  // Four channels of y come from four of x, or from one.
  const areVectors = multiplier == 1 || multiplier % 4 == 0;
  for (; areVectors && j + 4 <= outC; j += 4) {
    let fromX = x + (<usize> (j / multiplier) << 2);
    let fromY = dy + (<usize> j << 2);
    const to = out + (<usize> j << 2);
    let sum = v128.load(to);
    for (let i = 0; i < count; i++) {
      const value = multiplier == 1 ? v128.load(fromX) : v128.load32_splat(fromX);
      sum = f32x4.add(sum, f32x4.mul(value, v128.load(fromY)));
      fromX += step;
      fromY += pixelY;
    }
    v128.store(to, sum);
  }
  for (; j < outC; j++) {
    let fromX = x + (<usize> (j / multiplier) << 2);
    let fromY = dy + (<usize> j << 2);
    const to = out + (<usize> j << 2);
    let sum = load<f32>(to);
    for (let i = 0; i < count; i++) {
      sum += load<f32>(fromX) * load<f32>(fromY);
      fromX += step;
      fromY += pixelY;
    }
    store<f32>(to, sum);
  }
}

/**
 * Sends each dy, times its filter, back over its window.
 *
 * @param dy `(images, outH, outW, outC)`.
 * @param filter `(filterH, filterW, outC)`.
 * @param dx `(images, inH, inW, inC)`, overwritten.
 */
export function depthwiseInputGradient(
  shape: Convolution,
  images: i32,
  dy: usize,
  filter: usize,
  dx: usize,
): void {
  const inC = shape.inC, inW = shape.inW;
  const pixelX = <usize> inC << 2, pixelY = <usize> shape.outC << 2;
  const imageBytes = <usize> (shape.inH * inW) * pixelX;
  const multiplier = shape.outC / inC;
  memory.fill(dx, 0, <usize> images * imageBytes);
  for (let image = 0; image < images; image++) {
    for (let oy = 0; oy < shape.outH; oy++) {
      const top = oy * shape.strideH - shape.padTop;
      const beginY = reachBegin(top, shape.dilationH);
      const endY = reachEnd(top, shape.dilationH, shape.filterH, shape.inH, beginY);
      for (let ox = 0; ox < shape.outW; ox++) {
        const left = ox * shape.strideW - shape.padLeft;
        const beginX = reachBegin(left, shape.dilationW);
        const endX = reachEnd(left, shape.dilationW, shape.filterW, inW, beginX);
        for (let ky = beginY; ky < endY; ky++) {
          const row = (top + ky * shape.dilationH) * inW;
          for (let kx = beginX; kx < endX; kx++) {
            const to = dx + <usize> (row + left + kx * shape.dilationW) * pixelX;
            const weights = filter + <usize> (ky * shape.filterW + kx) * pixelY;
            addProducts(to, dy, weights, inC, multiplier);
          }
        }
        dy += pixelY;
      }
    }
    dx += imageBytes;
  }
}

/** dx[c] += Σ dy[c·m + q] · filter[c·m + q] over q, for each of n channels. */
function addProducts(dx: usize, dy: usize, filter: usize, n: i32, multiplier: i32): void {
  let c = 0;
  for (; multiplier == 1 && c + 4 <= n; c += 4) {
    const product = f32x4.mul(v128.load(dy), v128.load(filter));
    v128.store(dx, f32x4.add(v128.load(dx), product));
    dx += 16;
    dy += 16;
    filter += 16;
  }
  for (; c < n; c++) {
    let sum = load<f32>(dx);
    for (let q = 0; q < multiplier; q++) {
      sum += load<f32>(dy) * load<f32>(filter);
      dy += 4;
      filter += 4;
    }
    store<f32>(dx, sum);
    dx += 4;
  }
}
