/**
 * Python's pickles of protocol 2, as far as data sets are published in them: dictionaries, lists,
 * tuples, numbers, strings, and objects as descriptions. Nothing in a pickle is called or looked up,
 * so that a hostile one can do no more than be refused.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";

/** Whatever a pickle may hold here; a dictionary is a `Map`, a list or tuple an array. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Pickled[]
  | Map<Pickled, Pickled>
  | PickledGlobal
  | PickledObject;

/** A name of a Python module, for example `numpy.dtype`. */
export interface PickledGlobal {
  readonly global: string;
}

/** An object that Python would make by calling `made` with `args`, and then give `state`. */
export interface PickledObject {
  readonly made: string;
  readonly args: readonly Pickled[];
  state: Pickled;
}

/** Python 2 has one type for text and bytes; what is longer than any name is taken as bytes. */
const LONGEST_NAME = 255;

/** What stands on the stack where a tuple's or a list's items begin. */
const MARK = Symbol("mark");

/**
 * Reads a pickle.
 *
 * @param bytes The whole file.
 * @param options.name What to call the file in errors.
 * @returns Strings of up to 255 bytes as text (Latin-1), longer ones as bytes that share the buffer.
 * @throws {IntegrityError} If it is broken, or has an instruction that such data has no need of;
 * names the byte.
 */
export function readPickle(bytes: Uint8Array<ArrayBuffer>, { name }: { name: string }): Pickled {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: (Pickled | typeof MARK)[] = [];
  const memo = new Map<number, Pickled>();
  let at = 0;

  const refuse = (offset: number, got: string) =>
    new IntegrityError(
      `Cannot read ${name}: at byte ${offset}, it must be a pickle (protocol 2) of plain data, got ` +
        `${got}; put the original file in its place`,
    );
  /** The place of some bytes, behind which reading goes on. */
  const take = (count: number) => {
    if (at + count > bytes.length) throw refuse(bytes.length, "its end");
    at += count;
    return at - count;
  };
  const pop = (): Pickled => {
    const value = stack.pop();
    if (value === undefined || value === MARK) throw refuse(at, "an instruction without operands");
    return value;
  };
  const popToMark = (): Pickled[] => {
    const mark = stack.lastIndexOf(MARK);
    if (mark < 0) throw refuse(at, "an instruction without a mark");
    return stack.splice(mark).slice(1) as Pickled[];
  };
  const top = <T extends Pickled>(isWanted: (value: Pickled) => value is T): T => {
    const value = stack.at(-1);
    if (value === undefined || value === MARK || !isWanted(value)) {
      throw refuse(at, "an instruction that does not fit its operand");
    }
    return value;
  };
  const string = (length: number) => {
    const from = take(length);
    const own = bytes.subarray(from, from + length);
    return length > LONGEST_NAME ? own : String.fromCharCode(...own);
  };
  const line = () => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) throw refuse(bytes.length, "its end");
    const text = new TextDecoder().decode(bytes.subarray(at, end));
    at = end + 1;
    return text;
  };
  const remember = (key: number) => void memo.set(key, top((_value): _value is Pickled => true));
  const recall = (key: number) => {
    const value = memo.get(key);
    if (value === undefined) throw refuse(at, "a reference to nothing");
    stack.push(value);
  };
  const tuple = (count: number) => {
    const items = Array.from({ length: count }, pop).reverse();
    stack.push(items);
  };
  const setItems = (items: readonly Pickled[]) => {
    const map = top((value) => value instanceof Map);
    for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i]!, items[i + 1]!);
  };

  /** By their codes, as `pickletools` of Python's library lists them. */
  const instructions: Readonly<Record<string, () => void>> = {
    "\x80": () => {
      const version = view.getUint8(take(1));
      if (version !== 2) throw refuse(at - 1, `protocol ${version}`);
    },
    "(": () => stack.push(MARK),
    "N": () => stack.push(null),
    "\x88": () => stack.push(true),
    "\x89": () => stack.push(false),
    "K": () => stack.push(view.getUint8(take(1))),
    "M": () => stack.push(view.getUint16(take(2), true)),
    "J": () => stack.push(view.getInt32(take(4), true)),
    "U": () => stack.push(string(view.getUint8(take(1)))),
    "T": () => stack.push(string(view.getUint32(take(4), true))),
    "]": () => stack.push([]),
    "}": () => stack.push(new Map()),
    ")": () => stack.push([]),
    "t": () => stack.push(popToMark()),
    "\x85": () => tuple(1),
    "\x86": () => tuple(2),
    "\x87": () => tuple(3),
    "a": () => {
      const item = pop();
      top((value) => Array.isArray(value)).push(item);
    },
    "e": () => {
      const items = popToMark();
      const list = top((value) => Array.isArray(value));
      for (const item of items) list.push(item);
    },
    "s": () => {
      const value = pop();
      setItems([pop(), value]);
    },
    "u": () => setItems(popToMark()),
    "q": () => remember(view.getUint8(take(1))),
    "r": () => remember(view.getUint32(take(4), true)),
    "h": () => recall(view.getUint8(take(1))),
    "j": () => recall(view.getUint32(take(4), true)),
    "c": () => stack.push({ global: `${line()}.${line()}` }),
    "R": () => {
      const args = pop();
      const callee = pop();
      if (!isGlobal(callee) || !Array.isArray(args)) throw refuse(at, "a call of no name");
      stack.push({ made: callee.global, args, state: null });
    },
    "b": () => {
      const state = pop();
      top(isObject).state = state;
    },
  };
  while (true) {
    const from = take(1);
    const code = String.fromCharCode(bytes[from]!);
    if (code === ".") return pop();
    const instruct = Object.hasOwn(instructions, code) ? instructions[code] : undefined;
    if (instruct === undefined) throw refuse(from, `instruction 0x${bytes[from]!.toString(16)}`);
    instruct();
  }
}

function isGlobal(value: Pickled): value is PickledGlobal {
  return typeof value === "object" && value !== null && "global" in value;
}

function isObject(value: Pickled): value is PickledObject {
  return typeof value === "object" && value !== null && "made" in value;
}
