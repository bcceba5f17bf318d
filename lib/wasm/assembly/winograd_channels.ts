/** Vectors of 8, 4 or 1 channels for Winograd's transforms. */

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
export class Channels {
  /** One value, or its first four channels. */
  @inline
  static load(width: i32, at: usize): v128 {
    return width == 1 ? v128.load32_zero(at) : v128.load(at);
  }

  /** The other four of eight channels; of fewer, anything. */
  @inline
  static high(width: i32, at: usize): v128 {
    return width == 8 ? v128.load(at, 16) : f32x4.splat(0);
  }

  /** Stores a value: the second vector only of eight channels. */
  @inline
  static store(width: i32, at: usize, low: v128, high: v128): void {
    if (width == 1) {
      v128.store_lane<f32>(at, low, 0);
    } else {
      v128.store(at, low);
      if (width == 8) v128.store(at, high, 16);
    }
  }

  /** a·s + b */
  @inline
  static madd(a: v128, s: f32, b: v128): v128 {
    return f32x4.relaxed_madd(a, f32x4.splat(s), b);
  }
}
