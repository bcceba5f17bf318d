/**
 * Gradients of a convolution from a gradient dy that is mostly zero, as it is behind max pooling,
 * ReLU and dropout: exact, each zero left out. (0·∞ and 0·NaN are therefore 0 here.)
 *
 * One kernel serves both gradients: a run of floats += Σ value · (a run at base + offset), over a
 * list of (offset, value) pairs, 8 bytes each.
 */

import { Convolution } from "./convolution";
import { transpose } from "./pack";

/** Number of values that are not zero, of n. */
export function countNonZero(values: usize, n: i32): i32 {
  let count = 0;
  let i = 0;
  const zero = f32x4.splat(0);
  for (; i + 4 <= n; i += 4) {
    count += i32.popcnt(i32x4.bitmask(f32x4.ne(v128.load(values), zero)));
    values += 16;
  }
  for (; i < n; i++) {
    count += i32(load<f32>(values) != 0);
    values += 4;
  }
  return count;
}

/** `accumulator[0 … floats) += Σ value · (base + offset)[0 … floats)` over a list. */
function accumulate(
  accumulator: usize,
  floats: i32,
  list: usize,
  end: usize,
  base: usize,
): void {
  if (list == end) return;
  for (; floats >= 48; floats -= 48) {
    let a0 = v128.load(accumulator), a1 = v128.load(accumulator, 16);
    let a2 = v128.load(accumulator, 32), a3 = v128.load(accumulator, 48);
    let a4 = v128.load(accumulator, 64), a5 = v128.load(accumulator, 80);
    let a6 = v128.load(accumulator, 96), a7 = v128.load(accumulator, 112);
    let a8 = v128.load(accumulator, 128), a9 = v128.load(accumulator, 144);
    let a10 = v128.load(accumulator, 160), a11 = v128.load(accumulator, 176);
    for (let entry = list; entry < end; entry += 8) {
      const row = base + load<u32>(entry);
      const value = v128.load32_splat(entry, 4);
      a0 = f32x4.relaxed_madd(value, v128.load(row), a0);
      a1 = f32x4.relaxed_madd(value, v128.load(row, 16), a1);
      a2 = f32x4.relaxed_madd(value, v128.load(row, 32), a2);
      a3 = f32x4.relaxed_madd(value, v128.load(row, 48), a3);
      a4 = f32x4.relaxed_madd(value, v128.load(row, 64), a4);
      a5 = f32x4.relaxed_madd(value, v128.load(row, 80), a5);
      a6 = f32x4.relaxed_madd(value, v128.load(row, 96), a6);
      a7 = f32x4.relaxed_madd(value, v128.load(row, 112), a7);
      a8 = f32x4.relaxed_madd(value, v128.load(row, 128), a8);
      a9 = f32x4.relaxed_madd(value, v128.load(row, 144), a9);
      a10 = f32x4.relaxed_madd(value, v128.load(row, 160), a10);
      a11 = f32x4.relaxed_madd(value, v128.load(row, 176), a11);
    }
    v128.store(accumulator, a0);
    v128.store(accumulator, a1, 16);
    v128.store(accumulator, a2, 32);
    v128.store(accumulator, a3, 48);
    v128.store(accumulator, a4, 64);
    v128.store(accumulator, a5, 80);
    v128.store(accumulator, a6, 96);
    v128.store(accumulator, a7, 112);
    v128.store(accumulator, a8, 128);
    v128.store(accumulator, a9, 144);
    v128.store(accumulator, a10, 160);
    v128.store(accumulator, a11, 176);
    accumulator += 192;
    base += 192;
  }
  for (; floats >= 4; floats -= 4) {
    let sum = v128.load(accumulator);
    for (let entry = list; entry < end; entry += 8) {
      const value = v128.load32_splat(entry, 4);
      sum = f32x4.relaxed_madd(value, v128.load(base + load<u32>(entry)), sum);
    }
    v128.store(accumulator, sum);
    accumulator += 16;
    base += 16;
  }
  for (; floats > 0; floats--) {
    let sum = load<f32>(accumulator);
    for (let entry = list; entry < end; entry += 8) {
      sum += load<f32>(entry, 4) * load<f32>(base + load<u32>(entry));
    }
    store<f32>(accumulator, sum);
    accumulator += 4;
    base += 4;
  }
}

/** Bytes of scratch that `conv2dFilterGradientSparse` takes. */
export function conv2dFilterGradientSparseScratch(shape: Convolution): f64 {
  const perFilter = <f64> shape.window * 4 + <f64> shape.outH * shape.outW * 8 + 4;
  return perFilter * shape.outC + <f64> shape.segments * 4 + shape.frameBytes;
}

/**
 * As `conv2dFilterGradient`, but overwrites dFilter. Each image's dy becomes one list a filter: where in the frame the
 * window begins, and the gradient.
 *
 * @param scratch `conv2dFilterGradientSparseScratch(shape)` bytes.
 */
export function conv2dFilterGradientSparse(
  shape: Convolution,
  images: i32,
  x: usize,
  dy: usize,
  dFilter: usize,
  scratch: usize,
): void {
  const outC = shape.outC, window = shape.window;
  const segments = shape.segments, run = shape.run;
  const listBytes = <usize> (shape.outH * shape.outW) << 3;
  const transposed = scratch;
  const lists = transposed + <usize> (outC * window) * 4;
  const ends = lists + <usize> outC * listBytes;
  const offsets = ends + <usize> outC * 4;
  const frameScratch = offsets + <usize> segments * 4;
  shape.writeOffsets(offsets);
  memory.fill(transposed, 0, <usize> (outC * window) * 4);
  for (let image = 0; image < images; image++) {
    const frame = shape.frameOf(x, image, frameScratch);
    listByFilter(shape, dy, lists, listBytes, ends);
    dy += <usize> (shape.outH * shape.outW * outC) << 2;
    let row = transposed;
    for (let j = 0; j < outC; j++) {
      const list = lists + <usize> j * listBytes;
      const end = <usize> load<u32>(ends + (<usize> j << 2));
      for (let s = 0; s < segments; s++) {
        accumulate(row, run, list, end, frame + load<u32>(offsets + (<usize> s << 2)));
        row += <usize> run << 2;
      }
    }
  }
  transpose(transposed, outC, window, dFilter);
}

/** Lists one image's dy by filter, without a branch: each value is written, the end moves on. */
function listByFilter(
  shape: Convolution,
  dy: usize,
  lists: usize,
  listBytes: usize,
  ends: usize,
): void {
  const outC = shape.outC;
  for (let j = 0; j < outC; j++) {
    store<u32>(ends + (<usize> j << 2), <u32> (lists + <usize> j * listBytes));
  }
  for (let oy = 0; oy < shape.outH; oy++) {
    let offset = <u32> (oy * shape.strideH * shape.framePitch) << 2;
    for (let ox = 0; ox < shape.outW; ox++) {
      let end = ends;
      for (let j = 0; j < outC; j++) {
        const value = load<f32>(dy);
        const entry = load<u32>(end);
        store<u32>(entry, offset);
        store<f32>(entry, value, 4);
        store<u32>(end, entry + (u32(value != 0) << 3));
        end += 4;
        dy += 4;
      }
      offset += (shape.strideW * shape.inC) << 2;
    }
  }
}

/** Bytes of scratch that `conv2dInputGradientSparse` takes. */
export function conv2dInputGradientSparseScratch(shape: Convolution): f64 {
  return <f64> shape.outC * shape.window * 4 + <f64> shape.outC * 8 + <f64> shape.segments * 4 +
    shape.frameBytes;
}

/**
 * Gradient of a convolution to its input: each window's pixels gather the filters that its dy
 * names. Each output pixel's dy becomes one list: which filter, and the gradient.
 *
 * @param dx `(images, inH, inW, inC)`, overwritten.
 * @param scratch `conv2dInputGradientSparseScratch(shape)` bytes.
 */
export function conv2dInputGradientSparse(
  shape: Convolution,
  images: i32,
  dy: usize,
  filter: usize,
  dx: usize,
  scratch: usize,
): void {
  const outC = shape.outC, window = shape.window;
  const segments = shape.segments, run = shape.run;
  const filters = scratch;
  const list = filters + <usize> (outC * window) * 4;
  const offsets = list + <usize> outC * 8;
  const frameScratch = offsets + <usize> segments * 4;
  const isFramed = shape.isFramed;
  const image = <usize> (shape.inH * shape.inW * shape.inC) << 2;
  const frameBytes = isFramed ? image : <usize> shape.frameBytes;
  const pitch = <usize> (shape.strideH * shape.framePitch) << 2;
  const step = <usize> (shape.strideW * shape.inC) << 2;
  transpose(filter, window, outC, filters);
  shape.writeOffsets(offsets);
  for (let i = 0; i < images; i++) {
    const frame = isFramed ? dx : frameScratch;
    memory.fill(frame, 0, frameBytes);
    let row = frame;
    for (let oy = 0; oy < shape.outH; oy++) {
      let pixel = row;
      for (let ox = 0; ox < shape.outW; ox++) {
        let end = list;
        for (let j = 0; j < outC; j++) {
          const value = load<f32>(dy);
          store<u32>(end, <u32> (j * window) << 2);
          store<f32>(end, value, 4);
          end += <usize> (value != 0) << 3;
          dy += 4;
        }
        let base = filters;
        for (let s = 0; s < segments; s++) {
          const at = pixel + load<u32>(offsets + (<usize> s << 2));
          accumulate(at, run, list, end, base);
          base += <usize> run << 2;
        }
        pixel += step;
      }
      row += pitch;
    }
    if (!isFramed) {
      memory.fill(dx, 0, image);
      shape.addFrame(frame, dx);
    }
    dx += image;
  }
}
