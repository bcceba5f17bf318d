/** A matrix that is mostly zero, as lists of what is not: one list a row, and one a column. */

import { ENTRY_BYTES, SPAN } from "./accumulate";

const ZEROS_BYTES: usize = <usize> SPAN << 2;
/** Bytes of `Lists`' own fields, rounded up to a cache line. */
const HEAD_BYTES: usize = 64;

/**
 * The head of the block in which the lists lie. Every list has room for all values that it could
 * have. A row's entries are (column, value), in order; a column's are (key, value), the key being
 * what the row was given.
 */
@unmanaged
export class Lists {
  /** `SPAN` zeros. */
  zeros: usize;
  /** Where each list ends, a u32 a list. */
  private rowEnds: usize;
  private columnEnds: usize;
  private rowLists: usize;
  private columnLists: usize;
  /** Bytes from one list to the next. */
  private rowPitch: usize;
  private columnPitch: usize;

  /** Bytes of the block: exact, also where no heap has as many. */
  static bytes(rows: i32, columns: i32): f64 {
    return <f64> (HEAD_BYTES + ZEROS_BYTES) + (<f64> rows + <f64> columns) * 4 +
      <f64> ENTRY_BYTES * rows * columns + Lists.columnBytes(rows) * columns;
  }

  /** An odd number of cache lines, lest the columns' lists grow in the same set. */
  private static columnBytes(rows: i32): f64 {
    return (Math.floor(<f64> rows * <f64> ENTRY_BYTES / 128) * 2 + 3) * 64;
  }

  /** Lays out the block, every list empty. */
  begin(rows: i32, columns: i32): void {
    this.zeros = changetype<usize>(this) + HEAD_BYTES;
    this.rowEnds = this.zeros + ZEROS_BYTES;
    this.columnEnds = this.rowEnds + (<usize> rows << 2);
    this.rowLists = this.columnEnds + (<usize> columns << 2);
    this.rowPitch = <usize> columns * ENTRY_BYTES;
    this.columnLists = this.rowLists + <usize> rows * this.rowPitch;
    this.columnPitch = <usize> Lists.columnBytes(rows);
    memory.fill(this.zeros, 0, ZEROS_BYTES);
    for (let i = 0; i < rows; i++) this.setRowEnd(i, this.row(i));
    for (let j = 0; j < columns; j++) {
      store<u32>(this.columnEnds + (<usize> j << 2), <u32> this.column(j));
    }
  }

  row(i: i32): usize {
    return this.rowLists + <usize> i * this.rowPitch;
  }
  rowEnd(i: i32): usize {
    return <usize> load<u32>(this.rowEnds + (<usize> i << 2));
  }
  setRowEnd(i: i32, end: usize): void {
    store<u32>(this.rowEnds + (<usize> i << 2), <u32> end);
  }
  column(j: i32): usize {
    return this.columnLists + <usize> j * this.columnPitch;
  }
  columnEnd(j: i32): usize {
    return <usize> load<u32>(this.columnEnds + (<usize> j << 2));
  }

  /** Appends (column, value) to a row's list; the value is given as its bits. */
  appendToRow(i: i32, column: u32, bits: u64): void {
    append(this.rowEnds + (<usize> i << 2), column, bits);
  }
  /** Appends (key, value) to a column's list. */
  appendToColumn(j: i32, key: u32, bits: u64): void {
    append(this.columnEnds + (<usize> j << 2), key, bits);
  }

  /** Lists a whole row, and its values in their columns. */
  listRow(i: i32, values: usize, columns: i32, key: u32): void {
    const list = this.row(i);
    const end = listValues(values, columns, list);
    this.setRowEnd(i, end);
    for (let entry = list; entry < end; entry += ENTRY_BYTES) {
      this.appendToColumn(load<i32>(entry), key, <u64> load<u32>(entry, 4));
    }
  }
}

function append(endAt: usize, index: u32, bits: u64): void {
  const end = <usize> load<u32>(endAt);
  store<u64>(end, bits << 32 | <u64> index);
  store<u32>(endAt, <u32> (end + ENTRY_BYTES));
}

/**
 * Lists which of n values are not zero, without a branch: each is written, the end moves on.
 *
 * @param list Room for n entries (index, value).
 * @returns The list's end.
 */
export function listValues(values: usize, n: i32, list: usize): usize {
  for (let i = 0; i < n; i++) {
    const bits = load<u32>(values);
    store<u64>(list, <u64> bits << 32 | <u64> i);
    // Shifted out: the sign, as −0 is 0.
    list += <usize> (bits << 1 != 0) * ENTRY_BYTES;
    values += 4;
  }
  return list;
}
