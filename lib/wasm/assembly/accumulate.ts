/**
 * The kernel under all that skips a gradient's zeros: a run of floats += Σ value · row, over a list
 * of (row, value) pairs.
 */

import { COLUMNS } from "./whole_tile";

/** Bytes of an entry of a list: the row, a u32, and the value. */
export const ENTRY_BYTES: usize = 8;

/**
 * Floats that are summed at a time: as many vectors as registers hold beside a value, twice as many
 * where the build is for registers twice as wide.
 */
export const SPAN: i32 = COLUMNS > 8 ? 96 : 48;

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
class Span {
  /**
   * Sums 4·`vectors` floats. `vectors` is a constant at each call: 24, 12, 4 or 1. Neighbouring
   * vectors go the same way from load to store, so that revectorization can make one of two.
   */
  @inline
  static run(
    vectors: i32,
    list: usize,
    end: usize,
    base: usize,
    pitch: usize,
    first: usize,
    to: usize,
  ): void {
    const none = f32x4.splat(0);
    let a0 = v128.load(first), a1 = none, a2 = none, a3 = none;
    if (vectors > 1) {
      a1 = v128.load(first, 16), a2 = v128.load(first, 32), a3 = v128.load(first, 48);
    }
    let a4 = none, a5 = none, a6 = none, a7 = none, a8 = none, a9 = none, a10 = none, a11 = none;
    if (vectors > 4) {
      a4 = v128.load(first, 64), a5 = v128.load(first, 80);
      a6 = v128.load(first, 96), a7 = v128.load(first, 112);
      a8 = v128.load(first, 128), a9 = v128.load(first, 144);
      a10 = v128.load(first, 160), a11 = v128.load(first, 176);
    }
    let a12 = none, a13 = none, a14 = none, a15 = none, a16 = none, a17 = none;
    let a18 = none, a19 = none, a20 = none, a21 = none, a22 = none, a23 = none;
    if (vectors > 12) {
      a12 = v128.load(first, 192), a13 = v128.load(first, 208);
      a14 = v128.load(first, 224), a15 = v128.load(first, 240);
      a16 = v128.load(first, 256), a17 = v128.load(first, 272);
      a18 = v128.load(first, 288), a19 = v128.load(first, 304);
      a20 = v128.load(first, 320), a21 = v128.load(first, 336);
      a22 = v128.load(first, 352), a23 = v128.load(first, 368);
    }
    for (; list < end; list += ENTRY_BYTES) {
      const row = base + <usize> load<u32>(list) * pitch;
      const value = v128.load32_splat(list, 4);
      a0 = f32x4.relaxed_madd(value, v128.load(row), a0);
      if (vectors > 1) {
        a1 = f32x4.relaxed_madd(value, v128.load(row, 16), a1);
        a2 = f32x4.relaxed_madd(value, v128.load(row, 32), a2);
        a3 = f32x4.relaxed_madd(value, v128.load(row, 48), a3);
      }
      if (vectors > 4) {
        a4 = f32x4.relaxed_madd(value, v128.load(row, 64), a4);
        a5 = f32x4.relaxed_madd(value, v128.load(row, 80), a5);
        a6 = f32x4.relaxed_madd(value, v128.load(row, 96), a6);
        a7 = f32x4.relaxed_madd(value, v128.load(row, 112), a7);
        a8 = f32x4.relaxed_madd(value, v128.load(row, 128), a8);
        a9 = f32x4.relaxed_madd(value, v128.load(row, 144), a9);
        a10 = f32x4.relaxed_madd(value, v128.load(row, 160), a10);
        a11 = f32x4.relaxed_madd(value, v128.load(row, 176), a11);
      }
      if (vectors > 12) {
        a12 = f32x4.relaxed_madd(value, v128.load(row, 192), a12);
        a13 = f32x4.relaxed_madd(value, v128.load(row, 208), a13);
        a14 = f32x4.relaxed_madd(value, v128.load(row, 224), a14);
        a15 = f32x4.relaxed_madd(value, v128.load(row, 240), a15);
        a16 = f32x4.relaxed_madd(value, v128.load(row, 256), a16);
        a17 = f32x4.relaxed_madd(value, v128.load(row, 272), a17);
        a18 = f32x4.relaxed_madd(value, v128.load(row, 288), a18);
        a19 = f32x4.relaxed_madd(value, v128.load(row, 304), a19);
        a20 = f32x4.relaxed_madd(value, v128.load(row, 320), a20);
        a21 = f32x4.relaxed_madd(value, v128.load(row, 336), a21);
        a22 = f32x4.relaxed_madd(value, v128.load(row, 352), a22);
        a23 = f32x4.relaxed_madd(value, v128.load(row, 368), a23);
      }
    }
    v128.store(to, a0);
    if (vectors > 1) {
      v128.store(to, a1, 16);
      v128.store(to, a2, 32);
      v128.store(to, a3, 48);
    }
    if (vectors > 4) {
      v128.store(to, a4, 64);
      v128.store(to, a5, 80);
      v128.store(to, a6, 96);
      v128.store(to, a7, 112);
      v128.store(to, a8, 128);
      v128.store(to, a9, 144);
      v128.store(to, a10, 160);
      v128.store(to, a11, 176);
    }
    if (vectors > 12) {
      v128.store(to, a12, 192);
      v128.store(to, a13, 208);
      v128.store(to, a14, 224);
      v128.store(to, a15, 240);
      v128.store(to, a16, 256);
      v128.store(to, a17, 272);
      v128.store(to, a18, 288);
      v128.store(to, a19, 304);
      v128.store(to, a20, 320);
      v128.store(to, a21, 336);
      v128.store(to, a22, 352);
      v128.store(to, a23, 368);
    }
  }
}

/**
 * `to[0 … floats) = start + Σ value · (base + row·pitch)[0 … floats)` over the list.
 *
 * @param zeros `SPAN` zeros to start from, or 0 to start from what `to` holds.
 */
export function accumulate(
  list: usize,
  end: usize,
  base: usize,
  pitch: usize,
  zeros: usize,
  to: usize,
  floats: i32,
): void {
  if (list == end && zeros == 0) return;
  if (SPAN > 48) {
    for (; floats >= 96; floats -= 96) {
      Span.run(24, list, end, base, pitch, zeros != 0 ? zeros : to, to);
      base += 384;
      to += 384;
    }
  }
  for (; floats >= 48; floats -= 48) {
    Span.run(12, list, end, base, pitch, zeros != 0 ? zeros : to, to);
    base += 192;
    to += 192;
  }
  for (; floats >= 16; floats -= 16) {
    Span.run(4, list, end, base, pitch, zeros != 0 ? zeros : to, to);
    base += 64;
    to += 64;
  }
  for (; floats >= 4; floats -= 4) {
    Span.run(1, list, end, base, pitch, zeros != 0 ? zeros : to, to);
    base += 16;
    to += 16;
  }
  for (; floats > 0; floats--) {
    let sum: f32 = zeros != 0 ? 0 : load<f32>(to);
    for (let entry = list; entry < end; entry += ENTRY_BYTES) {
      sum += load<f32>(entry, 4) * load<f32>(base + <usize> load<u32>(entry) * pitch);
    }
    store<f32>(to, sum);
    base += 4;
    to += 4;
  }
}
