/**
 * Max pooling and its gradient. Padding never wins. A NaN is the maximum only where its window
 * begins with it.
 */

import { Pooling, reachBegin, reachEnd } from "./pooling";

/** The code of a window that has no pixel in the image. */
const NOWHERE: i32 = 255;

/**
 * y = the largest value of each window; −∞ where all of it is padding.
 *
 * @param images How many images.
 * @param codes u8 of the shape of y: the place in the window, `ky · filterW + kx`, of the first
 *   maximum in row order. A window must have at most 255 pixels. 0: none wanted.
 */
export function maxPool(shape: Pooling, images: i32, x: usize, y: usize, codes: usize): void {
  const channels = shape.channels, inW = shape.inW;
  const pixelBytes = <usize> channels << 2;
  const imageBytes = <usize> (shape.inH * inW) * pixelBytes;
  for (let image = 0; image < images; image++) {
    for (let oy = 0; oy < shape.outH; oy++) {
      const top = oy * shape.strideH - shape.padTop;
      const beginY = reachBegin(top, shape.dilationH);
      const endY = reachEnd(top, shape.dilationH, shape.filterH, shape.inH, beginY);
      for (let ox = 0; ox < shape.outW; ox++) {
        const left = ox * shape.strideW - shape.padLeft;
        const beginX = reachBegin(left, shape.dilationW);
        const endX = reachEnd(left, shape.dilationW, shape.filterW, inW, beginX);
        const firstRow = top + beginY * shape.dilationH;
        const firstColumn = left + beginX * shape.dilationW;
        const first = x + <usize> (firstRow * inW + firstColumn) * pixelBytes;
        const code = beginY * shape.filterW + beginX;
        maxOfWindow(shape, first, endY - beginY, endX - beginX, code, y, codes);
        y += pixelBytes;
        if (codes != 0) codes += channels;
      }
    }
    x += imageBytes;
  }
}

/**
 * One window.
 *
 * @param first Its first pixel in the image.
 * @param rows How many of its rows are in the image, as `columns`.
 * @param firstCode Code of the first pixel.
 */
function maxOfWindow(
  shape: Pooling,
  first: usize,
  rows: i32,
  columns: i32,
  firstCode: i32,
  y: usize,
  codes: usize,
): void {
  const channels = shape.channels, filterW = shape.filterW;
  if (rows == 0 || columns == 0) {
    for (let c = 0; c < channels; c++) store<f32>(y + (<usize> c << 2), -<f32> Infinity);
    if (codes != 0) memory.fill(codes, <u8> NOWHERE, channels);
    return;
  }
  const right = <usize> (shape.dilationW * channels) << 2;
  const down = <usize> (shape.dilationH * shape.inW * channels) << 2;
  let c = 0;
  // The usual window. Four loads in a row are several times faster than one in two loops.
  for (; rows == 2 && columns == 2 && c + 4 <= channels; c += 4) {
    const second = v128.load(first + right);
    const third = v128.load(first + down), fourth = v128.load(first + down + right);
    let best = v128.load(first);
    let place = i32x4.splat(firstCode);
    place = v128.bitselect(i32x4.splat(firstCode + 1), place, f32x4.gt(second, best));
    best = f32x4.pmax(best, second);
    place = v128.bitselect(i32x4.splat(firstCode + filterW), place, f32x4.gt(third, best));
    best = f32x4.pmax(best, third);
    place = v128.bitselect(i32x4.splat(firstCode + filterW + 1), place, f32x4.gt(fourth, best));
    v128.store(y, f32x4.pmax(best, fourth));
    if (codes != 0) {
      storeCodes(codes, place);
      codes += 4;
    }
    first += 16;
    y += 16;
  }
  for (; c + 4 <= channels; c += 4) {
    let row = first;
    let best = v128.load(first);
    let place = i32x4.splat(firstCode);
    for (let i = 0; i < rows; i++) {
      let at = row;
      let code = firstCode + i * filterW;
      const end = code + columns;
      for (; code < end; code++) {
        const value = v128.load(at);
        place = v128.bitselect(i32x4.splat(code), place, f32x4.gt(value, best));
        best = f32x4.pmax(best, value);
        at += right;
      }
      row += down;
    }
    v128.store(y, best);
    if (codes != 0) {
      storeCodes(codes, place);
      codes += 4;
    }
    first += 16;
    y += 16;
  }
  for (; c < channels; c++) {
    let row = first;
    let best = load<f32>(first);
    let place = firstCode;
    for (let i = 0; i < rows; i++) {
      let at = row;
      for (let j = 0; j < columns; j++) {
        const value = load<f32>(at);
        if (value > best) {
          best = value;
          place = firstCode + i * filterW + j;
        }
        at += right;
      }
      row += down;
    }
    store<f32>(y, best);
    if (codes != 0) store<u8>(codes++, <u8> place);
    first += 4;
    y += 4;
  }
}

/** Stores four i32 as u8. */
function storeCodes(codes: usize, places: v128): void {
  const narrow = i16x8.narrow_i32x4_u(places, places);
  v128.store32_lane(codes, i8x16.narrow_i16x8_u(narrow, narrow), 0);
}

/**
 * Sends each dy to where its window's maximum stood. Windows may overlap; what they send is added
 * up in the order of the windows.
 *
 * @param codes As `maxPool` writes them.
 * @param dx Shape of x, overwritten.
 */
export function maxPoolGradientFromCodes(
  shape: Pooling,
  images: i32,
  dy: usize,
  codes: usize,
  dx: usize,
): void {
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
        for (let ky = beginY; ky < endY; ky++) {
          const row = (top + ky * shape.dilationH) * inW;
          for (let kx = beginX; kx < endX; kx++) {
            const pixel = row + left + kx * shape.dilationW;
            const code = ky * shape.filterW + kx;
            addWhereCode(dx + <usize> pixel * pixelBytes, dy, codes, code, channels);
          }
        }
        dy += pixelBytes;
        codes += channels;
      }
    }
    dx += imageBytes;
  }
}

/** to += from where the code is this one, n values. */
function addWhereCode(to: usize, from: usize, codes: usize, code: i32, n: i32): void {
  const wanted = i32x4.splat(code);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const places = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(codes)));
    const sent = v128.and(v128.load(from), i32x4.eq(places, wanted));
    v128.store(to, f32x4.add(v128.load(to), sent));
    to += 16;
    from += 16;
    codes += 4;
  }
  for (; i < n; i++) {
    if (load<u8>(codes) == code) store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4;
    from += 4;
    codes++;
  }
}
