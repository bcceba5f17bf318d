/**
 * The safetensors file format: eight bytes of header length (little-endian), a JSON header, then
 * the tensors' bytes, back to back. Source: https://github.com/huggingface/safetensors, "Format".
 *
 * @module
 */

/** The element types that tfjs models need; names as in the format. */
export type SafetensorsDtype = "F32" | "F16" | "I32" | "U8" | "BOOL";

/** The values of one tensor; the array's class goes with the dtype. */
export type SafetensorsData = Float32Array | Float16Array | Int32Array | Uint8Array;

/** One named tensor of a file. */
export interface SafetensorsTensor {
  readonly dtype: SafetensorsDtype;
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  /** Row-major; as many values as the shape says. */
  readonly data: SafetensorsData;
}

/** A file's contents. */
export interface SafetensorsFile {
  /** By name, in the order in which their bytes lie in the file. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** The header's `__metadata__`; empty where there is none. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface ElementType {
  readonly bytes: number;
  readonly owns: (data: SafetensorsData) => boolean;
  readonly view: (bytes: ArrayBuffer) => SafetensorsData;
}

const elementTypes: Readonly<Record<SafetensorsDtype, ElementType>> = {
  F32: {
    bytes: 4,
    owns: (data) => data instanceof Float32Array,
    view: (bytes) => new Float32Array(bytes),
  },
  F16: {
    bytes: 2,
    owns: (data) => data instanceof Float16Array,
    view: (bytes) => new Float16Array(bytes),
  },
  I32: {
    bytes: 4,
    owns: (data) => data instanceof Int32Array,
    view: (bytes) => new Int32Array(bytes),
  },
  U8: {
    bytes: 1,
    owns: (data) => data instanceof Uint8Array,
    view: (bytes) => new Uint8Array(bytes),
  },
  BOOL: {
    bytes: 1,
    owns: (data) => data instanceof Uint8Array,
    view: (bytes) => new Uint8Array(bytes),
  },
};

const lengthBytes = 8;
/** The reference implementation's own limit on headers, in bytes. */
const headerLimit = 100_000_000;
const metadataKey = "__metadata__";

/**
 * Writes tensors as a safetensors file.
 *
 * @param tensors By name. Wider element types are laid before narrower ones, so that every tensor
 * starts at a multiple of its element's size; otherwise the order is kept.
 * @param metadata Strings that go to the header's `__metadata__`.
 * @returns The file. Typed arrays are written over their own range only.
 * @throws {TypeError} If a tensor's data is not of its dtype's class or not of its shape's length,
 * or a tensor is named `__metadata__`.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
 * import assert from "node:assert/strict";
 *
 * const bias = { dtype: "F32", shape: [2], data: new Float32Array([0.5, -1]) } as const;
 * const file = encodeSafetensors(new Map([["bias", bias]]), { by: "edgedoor" });
 * assert.deepEqual(decodeSafetensors(file).tensors.get("bias"), bias);
 * ```
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort(([, a], [, b]) =>
    elementTypes[b.dtype].bytes - elementTypes[a.dtype].bytes
  );
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) entries.push([metadataKey, metadata]);
  let end = 0;
  for (const [name, tensor] of ordered) {
    checkTensor(name, tensor);
    const begin = end;
    end += tensor.data.byteLength;
    const { dtype, shape } = tensor;
    entries.push([name, { dtype, shape, data_offsets: [begin, end] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(lengthBytes + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, lengthBytes, lengthBytes + headerLength);
  file.set(json, lengthBytes);
  let offset = lengthBytes + headerLength;
  for (const [, { data }] of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

/**
 * Reads a safetensors file.
 *
 * @param file The whole file; a view is read over its own range only.
 * @returns Copies of its tensors, and its metadata.
 * @throws {SyntaxError} If the file is cut short, its header is not as the format says, or its
 * tensors overlap, leave gaps or reach beyond the end.
 */
export function decodeSafetensors(file: Uint8Array): SafetensorsFile {
  if (file.length < lengthBytes) {
    fail(`it must have at least ${lengthBytes} bytes, got ${file.length}`);
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = view.getBigUint64(0, true);
  const headerRoom = Math.min(file.length - lengthBytes, headerLimit);
  if (headerLength > headerRoom) {
    fail(`its header must be at most ${headerRoom} bytes long, got ${headerLength}`);
  }
  const dataStart = lengthBytes + Number(headerLength);
  const header = parseHeader(file.subarray(lengthBytes, dataStart));
  const data = file.subarray(dataStart);

  const layouts = Object.entries(header)
    .filter(([name]) => name !== metadataKey)
    .map(([name, entry]) => parseLayout(name, entry))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  const tensors = new Map<string, SafetensorsTensor>();
  let end = 0;
  for (const layout of layouts) {
    if (layout.begin !== end) {
      const flaw = layout.begin < end ? "overlaps the one before it" : "leaves a gap before it";
      fail(`tensor "${layout.name}" ${flaw}: it must start at byte ${end}, got ${layout.begin}`);
    }
    end = layout.end;
    if (end > data.length) {
      fail(`tensor "${layout.name}" must end within ${data.length} bytes of data, got ${end}`);
    }
    const { dtype, shape } = layout;
    const bytes = new Uint8Array(data.subarray(layout.begin, end));
    tensors.set(layout.name, { dtype, shape, data: elementTypes[dtype].view(bytes.buffer) });
  }
  if (end !== data.length) {
    fail(`its tensors must fill its ${data.length} bytes of data, got tensors of ${end} bytes`);
  }
  return { tensors, metadata: parseMetadata(header[metadataKey]) };
}

function checkTensor(name: string, { dtype, shape, data }: SafetensorsTensor): void {
  if (name === metadataKey) {
    throw new TypeError(`Cannot write safetensors: no tensor may be named "${metadataKey}"`);
  }
  if (!elementTypes[dtype].owns(data)) {
    throw new TypeError(
      `Cannot write safetensors: data of tensor "${name}" must be of dtype ${dtype}, got ` +
        data.constructor.name,
    );
  }
  if (data.length !== sizeOf(shape)) {
    throw new TypeError(
      `Cannot write safetensors: tensor "${name}" of shape [${shape}] must have ` +
        `${sizeOf(shape)} values, got ${data.length}`,
    );
  }
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    fail(`its header must be JSON (${error.message})`);
  }
  return isRecord(header) ? header : fail("its header must be a JSON object");
}

function parseMetadata(metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {};
  if (!isRecord(metadata)) return fail(`"${metadataKey}" must be a JSON object`);
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) =>
      typeof value === "string"
        ? [key, value]
        : fail(`"${metadataKey}" must hold strings only, got ${typeof value} at "${key}"`)
    ),
  );
}

interface Layout {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function parseLayout(name: string, entry: unknown): Layout {
  if (!isRecord(entry)) return fail(`entry "${name}" must be a JSON object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !isDtype(dtype)) {
    return fail(`dtype of "${name}" must be one of ${Object.keys(elementTypes)}, got ${dtype}`);
  }
  if (!isSizes(shape)) return fail(`shape of "${name}" must be a list of sizes`);
  if (!isSizes(offsets) || offsets.length !== 2) {
    return fail(`data_offsets of "${name}" must be two byte offsets`);
  }
  const [begin = 0, end = 0] = offsets;
  const bytes = sizeOf(shape) * elementTypes[dtype].bytes;
  if (end - begin !== bytes) {
    fail(`tensor "${name}", ${dtype} [${shape}], must have ${bytes} bytes, got ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

function isDtype(dtype: string): dtype is SafetensorsDtype {
  return Object.hasOwn(elementTypes, dtype);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function fail(why: string): never {
  throw new SyntaxError(`Cannot read safetensors file: ${why}`);
}
