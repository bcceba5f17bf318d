/**
 * The frame of an image: what a convolution's windows reach, with the padding written out, so that
 * no kernel tests for borders. Where nothing is padded the image itself is its frame.
 */

/**
 * Places an image `(h, w, c)` into a frame `(frameH, frameW, c)` of zeros: pixel (y, x) at
 * (top + y·spreadH, left + x·spreadW). What falls outside is left out; `top` and `left` may be
 * negative.
 */
export function placeInFrame(
  image: usize,
  h: i32,
  w: i32,
  c: i32,
  frame: usize,
  frameH: i32,
  frameW: i32,
  top: i32,
  left: i32,
  spreadH: i32,
  spreadW: i32,
): void {
  const pixel = <usize> c << 2;
  memory.fill(frame, 0, <usize> frameH * frameW * pixel);
  for (let y = 0; y < h; y++) {
    const toY = top + y * spreadH;
    if (toY < 0 || toY >= frameH) continue;
    const row = frame + <usize> (toY * frameW) * pixel;
    if (spreadW == 1) {
      const first = max(0, -left);
      const end = min(w, frameW - left);
      if (end > first) {
        memory.copy(
          row + <usize> (left + first) * pixel,
          image + <usize> (y * w + first) * pixel,
          <usize> (end - first) * pixel,
        );
      }
    } else {
      for (let x = 0; x < w; x++) {
        const toX = left + x * spreadW;
        if (toX < 0 || toX >= frameW) continue;
        memory.copy(row + <usize> toX * pixel, image + <usize> (y * w + x) * pixel, pixel);
      }
    }
  }
}

/** The way back: reads an image `(h, w, c)` out of a frame at (top, left); outside it is zero. */
export function cropFromFrame(
  frame: usize,
  frameH: i32,
  frameW: i32,
  c: i32,
  image: usize,
  h: i32,
  w: i32,
  top: i32,
  left: i32,
): void {
  const pixel = <usize> c << 2;
  for (let y = 0; y < h; y++) {
    const row = image + <usize> (y * w) * pixel;
    const fromY = top + y;
    const columns = fromY < frameH ? max(0, min(w, frameW - left)) : 0;
    if (columns > 0) {
      memory.copy(row, frame + <usize> (fromY * frameW + left) * pixel, <usize> columns * pixel);
    }
    memory.fill(row + <usize> columns * pixel, 0, <usize> (w - columns) * pixel);
  }
}

/** The size in pixels that n windows reach along one side; stays at the largest i32 beyond it. */
export function reach(windows: i32, stride: i32, size: i32, dilation: i32): i32 {
  if (windows == 0) return 0;
  const reached = <f64> (windows - 1) * stride + <f64> (size - 1) * dilation + 1;
  return <i32> min<f64>(reached, i32.MAX_VALUE);
}
