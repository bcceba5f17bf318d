/** Gradients of pooling. */

/** Sizes of one pooling, written by the caller as consecutive i32; x and y as of a convolution. */
@unmanaged
export class Pooling {
  batch: i32;
  inH: i32;
  inW: i32;
  channels: i32;
  filterH: i32;
  filterW: i32;
  outH: i32;
  outW: i32;
  strideH: i32;
  strideW: i32;
  padTop: i32;
  padLeft: i32;
  dilationH: i32;
  dilationW: i32;
}

/**
 * Sends each dy to where its window's maximum stands; of equal ones, to the first in row order.
 * Windows may overlap; what they send is added up. Padding never wins.
 *
 * @param dx Shape of x, overwritten.
 */
export function maxPoolGradient(shape: Pooling, x: usize, dy: usize, dx: usize): void {
  const channels = shape.channels;
  const imageBytes = <usize> (shape.inH * shape.inW * channels) << 2;
  memory.fill(dx, 0, <usize> shape.batch * imageBytes);
  for (let image = 0; image < shape.batch; image++) {
    for (let oy = 0; oy < shape.outH; oy++) {
      for (let ox = 0; ox < shape.outW; ox++) {
        windowGradient(
          shape,
          oy * shape.strideH - shape.padTop,
          ox * shape.strideW - shape.padLeft,
          x,
          dy,
          dx,
        );
        dy += <usize> channels << 2;
      }
    }
    x += imageBytes;
    dx += imageBytes;
  }
}

/** One window, four channels at a time and then one at a time. */
function windowGradient(shape: Pooling, top: i32, left: i32, x: usize, dy: usize, dx: usize): void {
  const channels = shape.channels, inW = shape.inW, inH = shape.inH;
  const endY = top + shape.filterH * shape.dilationH;
  const endX = left + shape.filterW * shape.dilationW;
  let c = 0;
  for (; c + 4 <= channels; c += 4) {
    let best = f32x4.splat(-f32.MAX_VALUE);
    let place = i32x4.splat(-1);
    for (let y = top; y < endY; y += shape.dilationH) {
      if (y < 0 || y >= inH) continue;
      for (let column = left; column < endX; column += shape.dilationW) {
        if (column < 0 || column >= inW) continue;
        const pixel = y * inW + column;
        const value = v128.load(x + (<usize> (pixel * channels + c) << 2));
        // The first value in reach is taken even where it is below every finite number.
        const isBetter = v128.or(
          f32x4.gt(value, best),
          i32x4.eq(place, i32x4.splat(-1)),
        );
        best = v128.bitselect(value, best, isBetter);
        place = v128.bitselect(i32x4.splat(pixel), place, isBetter);
      }
    }
    const gradient = v128.load(dy + (<usize> c << 2));
    send(dx, i32x4.extract_lane(place, 0), channels, c, f32x4.extract_lane(gradient, 0));
    send(dx, i32x4.extract_lane(place, 1), channels, c + 1, f32x4.extract_lane(gradient, 1));
    send(dx, i32x4.extract_lane(place, 2), channels, c + 2, f32x4.extract_lane(gradient, 2));
    send(dx, i32x4.extract_lane(place, 3), channels, c + 3, f32x4.extract_lane(gradient, 3));
  }
  for (; c < channels; c++) {
    let best: f32 = 0;
    let place = -1;
    for (let y = top; y < endY; y += shape.dilationH) {
      if (y < 0 || y >= inH) continue;
      for (let column = left; column < endX; column += shape.dilationW) {
        if (column < 0 || column >= inW) continue;
        const pixel = y * inW + column;
        const value = load<f32>(x + (<usize> (pixel * channels + c) << 2));
        if (place < 0 || value > best) {
          best = value;
          place = pixel;
        }
      }
    }
    send(dx, place, channels, c, load<f32>(dy + (<usize> c << 2)));
  }
}

function send(dx: usize, pixel: i32, channels: i32, c: i32, gradient: f32): void {
  if (pixel < 0) return;
  const at = dx + (<usize> (pixel * channels + c) << 2);
  store<f32>(at, load<f32>(at) + gradient);
}

/**
 * Shares each dy out over the pixels of its window, in equal parts; padding takes none, as it
 * counts for nothing in the average.
 *
 * @param dx `(batch, inH, inW, channels)`, overwritten.
 */
export function avgPoolGradient(shape: Pooling, dy: usize, dx: usize): void {
  const channels = shape.channels, inH = shape.inH, inW = shape.inW;
  const imageBytes = <usize> (inH * inW * channels) << 2;
  memory.fill(dx, 0, <usize> shape.batch * imageBytes);
  for (let image = 0; image < shape.batch; image++) {
    for (let oy = 0; oy < shape.outH; oy++) {
      const top = oy * shape.strideH - shape.padTop;
      const endY = top + shape.filterH * shape.dilationH;
      const countY = inReach(top, endY, shape.dilationH, inH);
      for (let ox = 0; ox < shape.outW; ox++) {
        const left = ox * shape.strideW - shape.padLeft;
        const endX = left + shape.filterW * shape.dilationW;
        const share: f32 = 1 / <f32> (countY * inReach(left, endX, shape.dilationW, inW));
        for (let y = top; y < endY; y += shape.dilationH) {
          if (y < 0 || y >= inH) continue;
          for (let column = left; column < endX; column += shape.dilationW) {
            if (column < 0 || column >= inW) continue;
            addScaled(dx + (<usize> ((y * inW + column) * channels) << 2), dy, share, channels);
          }
        }
        dy += <usize> channels << 2;
      }
    }
    dx += imageBytes;
  }
}

/** How many of the places from `start` to below `end`, `step` apart, lie within 0 … size − 1. */
function inReach(start: i32, end: i32, step: i32, size: i32): i32 {
  let count = 0;
  for (let place = start; place < end; place += step) count += i32(place >= 0 && place < size);
  return count;
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
