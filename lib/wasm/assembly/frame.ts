/**
 * The frame of an image: what a convolution's windows reach, with the padding written out, so that
 * no kernel tests for borders. Where nothing is padded the image itself is its frame.
 */

/**
 * Places an image `(h, w, c)` into a frame `(frameH, frameW, c)` of zeros: pixel (y, x) at
 * (top + y, left + x). What falls outside is left out; `top` and `left` may be negative.
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
): void {
  const pixel = <usize> c << 2;
  const row = <usize> frameW * pixel;
  const before = min(frameW, max(0, left));
  const behind = max(before, min(frameW, left + w));
  const from = image + <usize> (before - left) * pixel;
  for (let y = 0; y < frameH; y++) {
    const imageY = y - top;
    if (imageY < 0 || imageY >= h) {
      memory.fill(frame, 0, row);
    } else {
      const end = frame + <usize> behind * pixel;
      if (before > 0) memory.fill(frame, 0, <usize> before * pixel);
      memory.copy(
        frame + <usize> before * pixel,
        from + <usize> (imageY * w) * pixel,
        <usize> (behind - before) * pixel,
      );
      if (behind < frameW) memory.fill(end, 0, <usize> (frameW - behind) * pixel);
    }
    frame += row;
  }
}

/**
 * The way back: adds to an image `(h, w, c)` what a frame holds of it, pixel (0, 0) at (top, left),
 * neither of which is negative.
 */
export function addFromFrame(
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
  const values = max(0, min(w, frameW - left)) * c;
  for (let y = 0; y < min(h, frameH - top); y++) {
    let to = image + <usize> (y * w) * pixel;
    let from = frame + <usize> ((top + y) * frameW + left) * pixel;
    let i = 0;
    for (; i + 4 <= values; i += 4) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
      to += 16;
      from += 16;
    }
    for (; i < values; i++) {
      store<f32>(to, load<f32>(to) + load<f32>(from));
      to += 4;
      from += 4;
    }
  }
}

/** The size in pixels that n windows reach along one side; stays at the largest i32 beyond it. */
export function reach(windows: i32, stride: i32, size: i32, dilation: i32): i32 {
  if (windows == 0) return 0;
  const reached = <f64> (windows - 1) * stride + <f64> (size - 1) * dilation + 1;
  return <i32> min<f64>(reached, i32.MAX_VALUE);
}
