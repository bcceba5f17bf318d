/**
 * Room for the bodies of requests.
 *
 * @module
 */

/** What bounds a room. */
export interface UploadRoomLimits {
  /** How many bodies may be under way, from 1. */
  readonly count: number;
  /** Bytes of all bodies together: of those under way, and of those that requests still need. */
  readonly bytes: number;
}

/** A body in the room. */
export interface Upload {
  /** Counts bytes that came; may end other bodies, or this one. */
  grow(bytes: number): void;
  /** Says that it is whole: it cannot be ended any more. */
  complete(): void;
  /** Gives its room back. */
  close(): void;
}

interface Entry {
  readonly client: string;
  readonly end: () => void;
  bytes: number;
}

/**
 * Bodies under way, and those that requests hold. When there is no room, a body that is under way has
 * to go: of the client that has most, the oldest. So a client that sends slowly on many connections
 * ends its own, and never keeps out a body that is sent in one go.
 */
export class UploadRoom {
  readonly #limits: UploadRoomLimits;
  /** Under way, the oldest first. */
  readonly #underWay = new Set<Entry>();
  #bytes = 0;

  constructor(limits: UploadRoomLimits) {
    this.#limits = limits;
  }

  /** How many bodies are under way. */
  get count(): number {
    return this.#underWay.size;
  }

  /**
   * Takes in a body.
   *
   * @param client Whose it is.
   * @param end Called when it has to go.
   */
  open(client: string, end: () => void): Upload {
    const entry: Entry = { client, end, bytes: 0 };
    this.#underWay.add(entry);
    if (this.#underWay.size > this.#limits.count) this.#endOne(() => 1);
    return {
      grow: (bytes) => {
        entry.bytes += bytes;
        this.#bytes += bytes;
        while (this.#bytes > this.#limits.bytes && this.#underWay.has(entry)) {
          this.#endOne(({ bytes }) => bytes);
        }
      },
      complete: () => void this.#underWay.delete(entry),
      close: () => this.#release(entry),
    };
  }

  /** Of the client that has most in all, by what is counted, the oldest that has any. */
  #endOne(countOf: (entry: Entry) => number): void {
    const totals = new Map<string, number>();
    for (const entry of this.#underWay) {
      totals.set(entry.client, (totals.get(entry.client) ?? 0) + countOf(entry));
    }
    const most = Math.max(...totals.values());
    for (const entry of this.#underWay) {
      if (totals.get(entry.client) !== most || countOf(entry) === 0) continue;
      this.#release(entry);
      return entry.end();
    }
  }

  #release(entry: Entry): void {
    this.#underWay.delete(entry);
    this.#bytes -= entry.bytes;
    entry.bytes = 0;
  }
}
