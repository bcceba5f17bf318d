/** Average pooling and its gradient. Padding counts for nothing: it is not in the average. */

import { reluGradient } from "./elementwise";
import { Pooling, reachBegin, reachEnd } from "./pooling";

/**
 * y = the mean of each window's pixels in the image; NaN where there is none.
 *
 * @param images How many images.
 */
export function avgPool(shape: Pooling, images: i32, x: usize, y: usize): void {
  const channels = shape.channels, inW = shape.inW;
  const pixelBytes = <usize> channels << 2;
  const right = <usize> shape.dilationW * pixelBytes;
  const down = <usize> (shape.dilationH * inW) * pixelBytes;
  for (let image = 0; image < images; image++) {
    for (let oy = 0; oy < shape.outH; oy++) {
      const top = oy * shape.strideH - shape.padTop;
      const beginY = reachBegin(top, shape.dilationH);
      const endY = reachEnd(top, shape.dilationH, shape.filterH, shape.inH, beginY);
      const row = top + beginY * shape.dilationH;
      for (let ox = 0; ox < shape.outW; ox++) {
        const left = ox * shape.strideW - shape.padLeft;
        const beginX = reachBegin(left, shape.dilationW);
        const endX = reachEnd(left, shape.dilationW, shape.filterW, inW, beginX);
        const first = x + <usize> (row * inW + left + beginX * shape.dilationW) * pixelBytes;
        meanOfWindow(first, endY - beginY, endX - beginX, right, down, channels, y);
        y += pixelBytes;
      }
    }
    x += <usize> (shape.inH * inW) * pixelBytes;
  }
}

/** One window of `rows` by `columns` pixels, `down` and `right` bytes apart. */
function meanOfWindow(
  first: usize,
  rows: i32,
  columns: i32,
  right: usize,
  down: usize,
  channels: i32,
  y: usize,
): void {
  const count = <f32> (rows * columns);
  const counts = f32x4.splat(count);
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    let low = f32x4.splat(0), high = f32x4.splat(0);
    for (let i = 0; i < rows; i++) {
      let at = first + <usize> i * down;
      for (let j = 0; j < columns; j++) {
        low = f32x4.add(low, v128.load(at));
        high = f32x4.add(high, v128.load(at, 16));
        at += right;
      }
    }
    v128.store(y, f32x4.div(low, counts));
    v128.store(y, f32x4.div(high, counts), 16);
    first += 32;
    y += 32;
  }
  for (; c + 4 <= channels; c += 4) {
    let sum = f32x4.splat(0);
    for (let i = 0; i < rows; i++) {
      let at = first + <usize> i * down;
      for (let j = 0; j < columns; j++) {
        sum = f32x4.add(sum, v128.load(at));
        at += right;
      }
    }
    v128.store(y, f32x4.div(sum, counts));
    first += 16;
    y += 16;
  }
  for (; c < channels; c++) {
    let sum: f32 = 0;
    for (let i = 0; i < rows; i++) {
      let at = first + <usize> i * down;
      for (let j = 0; j < columns; j++) {
        sum += load<f32>(at);
        at += right;
      }
    }
    store<f32>(y, sum / count);
    first += 4;
    y += 4;
  }
}

/**
 * Shares each dy out over the pixels of its window, in equal parts.
 *
 * @param images How many images.
 * @param x What was pooled, where ReLU's gradient is taken too: dx is 0 where x is not above 0. Else
 *   0.
 * @param dx `(images, inH, inW, channels)`, overwritten.
 */
export function avgPoolGradient(
  shape: Pooling,
  images: i32,
  dy: usize,
  x: usize,
  dx: usize,
): void {
  if (isTiling(shape)) {
    shareOut(shape, images, dy, x, dx);
    return;
  }
  addShares(shape, images, dy, dx);
  const size = images * shape.inH * shape.inW * shape.channels;
  if (x != 0) reluGradient(x, dx, size, 1, dx);
}

/** `avgPoolGradient` of windows that may overlap, or leave gaps. */
function addShares(shape: Pooling, images: i32, dy: usize, dx: usize): void {
  const channels = shape.channels, inW = shape.inW;
  const pixelBytes = <usize> channels << 2;
  const imageBytes = <usize> (shape.inH * inW) * pixelBytes;
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
        const share: f32 = 1 / <f32> ((endY - beginY) * (endX - beginX));
        for (let ky = beginY; ky < endY; ky++) {
          const row = (top + ky * shape.dilationH) * inW;
          for (let kx = beginX; kx < endX; kx++) {
            const pixel = row + left + kx * shape.dilationW;
            addScaled(dx + <usize> pixel * pixelBytes, dy, share, channels);
          }
        }
        dy += pixelBytes;
      }
    }
    dx += imageBytes;
  }
}

/** Whether each pixel is in one window. */
function isTiling(shape: Pooling): bool {
  return shape.dilationH == 1 && shape.dilationW == 1 && shape.padTop == 0 && shape.padLeft == 0 &&
    shape.strideH == shape.filterH && shape.outH * shape.strideH == shape.inH &&
    shape.strideW == shape.filterW && shape.outW * shape.strideW == shape.inW;
}

/** `avgPoolGradient` where `isTiling(shape)`: nothing has to be added. */
function shareOut(shape: Pooling, images: i32, dy: usize, x: usize, dx: usize): void {
  const rows = shape.filterH, columns = shape.filterW, channels = shape.channels;
  const right = <usize> channels << 2, down = <usize> shape.inW * right;
  const share: f32 = 1 / <f32> (rows * columns);
  for (let row = 0; row < images * shape.outH; row++) {
    for (let ox = 0; ox < shape.outW; ox++) {
      fillWindow(dy, share, rows, columns, right, down, channels, x, dx);
      dy += right;
      dx += <usize> columns * right;
      if (x != 0) x += <usize> columns * right;
    }
    dx += <usize> (rows - 1) * down;
    if (x != 0) x += <usize> (rows - 1) * down;
  }
}

/** Each pixel of a window = dy · share, or 0 where there is an x that is not above 0. */
function fillWindow(
  dy: usize,
  share: f32,
  rows: i32,
  columns: i32,
  right: usize,
  down: usize,
  channels: i32,
  x: usize,
  first: usize,
): void {
  const shares = f32x4.splat(share), zero = f32x4.splat(0);
  const toX = x - first;
  let c = 0;
  // The usual window. Four stores in a row are several times faster than one in two loops.
  for (; rows == 2 && columns == 2 && c + 4 <= channels; c += 4) {
    const value = f32x4.mul(v128.load(dy), shares);
    const below = first + down;
    if (x == 0) {
      v128.store(first, value);
      v128.store(first + right, value);
      v128.store(below, value);
      v128.store(below + right, value);
    } else {
      v128.store(first, v128.and(value, f32x4.gt(v128.load(first + toX), zero)));
      v128.store(first + right, v128.and(value, f32x4.gt(v128.load(first + right + toX), zero)));
      v128.store(below, v128.and(value, f32x4.gt(v128.load(below + toX), zero)));
      v128.store(below + right, v128.and(value, f32x4.gt(v128.load(below + right + toX), zero)));
    }
    dy += 16;
    first += 16;
  }
  for (; c + 4 <= channels; c += 4) {
    const value = f32x4.mul(v128.load(dy), shares);
    for (let i = 0; i < rows; i++) {
      let at = first + <usize> i * down;
      for (let j = 0; j < columns; j++) {
        v128.store(at, x == 0 ? value : v128.and(value, f32x4.gt(v128.load(at + toX), zero)));
        at += right;
      }
    }
    dy += 16;
    first += 16;
  }
  for (; c < channels; c++) {
    const value = load<f32>(dy) * share;
    for (let i = 0; i < rows; i++) {
      let at = first + <usize> i * down;
      for (let j = 0; j < columns; j++) {
        store<f32>(at, x == 0 || load<f32>(at + toX) > 0 ? value : 0);
        at += right;
      }
    }
    dy += 4;
    first += 4;
  }
}

/** to += from · scale, n values. */
function addScaled(to: usize, from: usize, scale: f32, n: i32): void {
  const scales = f32x4.splat(scale);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(from), scales)));
    to += 16;
    from += 16;
  }
  for (; i < n; i++) {
    store<f32>(to, load<f32>(to) + load<f32>(from) * scale);
    to += 4;
    from += 4;
  }
}
