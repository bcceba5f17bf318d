/** The gradient of max pooling where no codes were kept: it looks for the maxima again. */

import { Pooling, reachBegin, reachEnd } from "./pooling";

/**
 * Sends each dy to where its window's maximum stands; of equal ones, to the first in row order.
 * Windows may overlap; what they send is added up. Padding never wins.
 *
 * @param images How many images.
 * @param dx Shape of x, overwritten.
 */
export function maxPoolGradient(
  shape: Pooling,
  images: i32,
  x: usize,
  dy: usize,
  dx: usize,
): void {
  const inW = shape.inW;
  const pixelBytes = <usize> shape.channels << 2;
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
        if (beginY < endY && beginX < endX) {
          const row = top + beginY * shape.dilationH;
          const first = <usize> (row * inW + left + beginX * shape.dilationW) * pixelBytes;
          windowGradient(shape, x + first, endY - beginY, endX - beginX, dy, dx + first);
        }
        dy += pixelBytes;
      }
    }
    x += imageBytes;
    dx += imageBytes;
  }
}

/** One window, whose first pixel in the image is at x and at dx: its maxima, then what they get. */
function windowGradient(
  shape: Pooling,
  x: usize,
  rows: i32,
  columns: i32,
  dy: usize,
  dx: usize,
): void {
  const channels = shape.channels;
  const right = <usize> (shape.dilationW * channels) << 2;
  const down = <usize> (shape.dilationH * shape.inW * channels) << 2;
  let c = 0;
  for (; c + 4 <= channels; c += 4) {
    let best = v128.load(x);
    let place = i32x4.splat(0);
    for (let i = 0; i < rows; i++) {
      let at = x + <usize> i * down;
      for (let j = 0; j < columns; j++) {
        const value = v128.load(at);
        place = v128.bitselect(i32x4.splat(i * columns + j), place, f32x4.gt(value, best));
        best = f32x4.pmax(best, value);
        at += right;
      }
    }
    const gradient = v128.load(dy);
    for (let i = 0; i < rows; i++) {
      let at = dx + <usize> i * down;
      for (let j = 0; j < columns; j++) {
        const isBest = i32x4.eq(place, i32x4.splat(i * columns + j));
        v128.store(at, f32x4.add(v128.load(at), v128.and(gradient, isBest)));
        at += right;
      }
    }
    x += 16;
    dy += 16;
    dx += 16;
  }
  for (; c < channels; c++) {
    let best = load<f32>(x);
    let place: usize = 0;
    for (let i = 0; i < rows; i++) {
      let at = <usize> i * down;
      for (let j = 0; j < columns; j++) {
        const value = load<f32>(x + at);
        if (value > best) {
          best = value;
          place = at;
        }
        at += right;
      }
    }
    store<f32>(dx + place, load<f32>(dx + place) + load<f32>(dy));
    x += 4;
    dy += 4;
    dx += 4;
  }
}
