/**
 * The bytes of a scan, freed of what is stuffed between them, one restart interval after the other.
 */

/** Zeros behind an interval: more than a block takes, which is 64 times 31 bits. */
const ROOM: usize = 256 + 8;

/** Where the reading of a scan is; `jpeg_sequential.ts` writes the fields at its beginning. */
@unmanaged
export class Bits {
  /** The scan's bytes, as the file has them, and how many there are; 16 more can be read. */
  codes: usize;
  length: usize;
  /**
   * Where the bytes of an interval are put, from high addresses to low: so eight of them make a number
   * of 64 bits in which the first stands highest. Below this there is room for `length` and 512 more.
   */
  top: usize;
  /** Where in `codes` what follows the interval's marker stands. */
  next: usize;
  /** Restart markers passed. */
  restarts: i32;
  /** The next bit of the interval, counted from its first, and the first behind it. */
  position: usize;
  end: usize;

  /** The bits from a position on, of which at least 57 are good for use. */
  at(position: usize): u64 {
    return load<u64>(this.top - 7 - (position >> 3)) << (position & 7);
  }
}

/** Goes on to the bytes from `next` to the next marker. */
export function openInterval(bits: Bits): void {
  const end = bits.codes + bits.length;
  const ones = i8x16.splat(-1);
  let from = bits.codes + bits.next;
  let to = bits.top;
  while (from < end) {
    const bytes = v128.load(from);
    // From high to low: what is too much is written over.
    v128.store(
      to - 15,
      v128.shuffle<i8>(bytes, bytes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
    );
    const marks = i8x16.bitmask(i8x16.eq(bytes, ones));
    const count = min(<usize> ctz(marks | 0x10000), end - from);
    from += count;
    to -= count;
    if (count == 16 || from == end) continue;
    while (from < end && load<u8>(from) == 0xff) from++;
    const isData = from < end && load<u8>(from) == 0;
    from++;
    if (!isData) break;
    store<u8>(to--, 0xff);
  }
  memory.fill(to + 1 - ROOM, 0, ROOM);
  bits.next = from - bits.codes;
  bits.position = 0;
  bits.end = (bits.top - to) << 3;
}
