// deno-lint-ignore-file no-explicit-any -- tfjs types its backend's internals as `any`; they are given types here, and nowhere else.
/**
 * The heap of tfjs's wasm backend, as kernels see it: where tensors lie, room for results and for
 * scratch, and the module that works on it.
 *
 * @module
 */

import { type KernelBackend, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { compileKernels, instantiate, type KernelBuild, type KernelModule } from "./module.ts";

/** What a kernel needs of the backend. */
export interface Heap {
  /** The module, on this heap. */
  readonly module: KernelModule;
  /**
   * Where a tensor's values begin, in bytes. Holds until the tensor is disposed of.
   *
   * @param dtype What the kernel reads there; float32 unless given.
   * @throws {TypeError} If the tensor is of another type.
   */
  pointer(tensor: TensorInfo, dtype?: "float32" | "int32"): number;
  /**
   * Makes a float32 tensor for a result; its values are whatever lay there. A kernel takes its
   * operands' pointers first: an operand of a wrong type then leaves no tensor behind.
   *
   * @throws {RangeError} If the heap cannot grow by that much.
   */
  output(shape: readonly number[]): TensorInfo;
  /**
   * Makes a tensor of its own with the values of one: tensors of tfjs share theirs with clones and
   * variables, so that no kernel may write over an operand that others see.
   *
   * @throws {TypeError} If the tensor is not float32.
   * @throws {RangeError} If the heap cannot grow by that much.
   */
  copy(tensor: TensorInfo): TensorInfo;
  /** Frees a tensor that a kernel made for itself. */
  dispose(tensor: TensorInfo): void;
  /**
   * Runs `use` with a block of memory that is free again afterwards, also where it throws.
   *
   * @throws {RangeError} If the heap cannot grow by that much.
   */
  withScratch<T>(bytes: number, use: (pointer: number) => T): T;
  /** Runs `use` with a pointer to these i32 fields (a struct of `assembly/`). */
  withStruct<T>(fields: readonly number[], use: (pointer: number) => T): T;
}

const heaps = new WeakMap<object, Heap>();
let module: WebAssembly.Module | undefined;
let isInUse = false;

/**
 * Chooses the build of the kernels. tfjs's memory is shared only where it runs threads of its own:
 * in pages that are cross-origin isolated.
 *
 * @throws {Error} If a kernel has run already, on the build that was chosen before.
 */
export async function setKernelBuild(build: KernelBuild): Promise<void> {
  const chosen = await compileKernels(build);
  if (isInUse) {
    throw new Error(
      "Cannot set the build of the training kernels: it must be set before the first of them " +
        "runs, got it afterwards",
    );
  }
  module = chosen;
}

/**
 * The heap of a backend; the module is instantiated on it at the first call.
 *
 * @param backend What tfjs hands to a kernel as `backend`.
 * @throws {TypeError} If it is not tfjs's wasm backend.
 */
export function heapOf(backend: unknown): Heap {
  const known = heaps.get(backend as object);
  if (known !== undefined) return known;
  const wasm = (backend as any).wasm;
  if (!(wasm?.asm?.memory instanceof WebAssembly.Memory)) {
    throw new TypeError(
      "Cannot run a training kernel: the backend must be @tensorflow/tfjs-backend-wasm 4.22, " +
        "single-threaded or threaded, got one without `wasm.asm.memory`",
    );
  }
  const heap = createHeap(backend as any);
  heaps.set(backend as object, heap);
  return heap;
}

function createHeap(backend: any): Heap {
  const memory: WebAssembly.Memory = backend.wasm.asm.memory;
  const kernels = instantiate(memory, { module });
  isInUse = true;

  function withScratch<T>(bytes: number, use: (pointer: number) => T): T {
    // malloc takes 32 bits and would take the rest for nothing. It answers with a signed number:
    // above 2 GiB it is negative.
    const pointer: number = bytes < 2 ** 32 ? backend.wasm._malloc(bytes) >>> 0 : 0;
    if (pointer === 0) throw outOfMemory(`${bytes} bytes of scratch`);
    try {
      return use(pointer);
    } finally {
      backend.wasm._free(pointer);
    }
  }

  function dispose(tensor: TensorInfo): void {
    (backend as KernelBackend).disposeData(tensor.dataId);
  }

  function pointer(tensor: TensorInfo, dtype = "float32"): number {
    if (tensor.dtype !== dtype) {
      throw new TypeError(
        `Cannot run a training kernel: tensors must be ${dtype}, got ${tensor.dtype}`,
      );
    }
    return backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  function output(shape: readonly number[]): TensorInfo {
    const what = `a result of shape [${shape}]`;
    // malloc takes 32 bits, as for scratch; tfjs does not look.
    if (util.sizeFromShape([...shape]) * 4 >= 2 ** 32) throw outOfMemory(what);
    const tensor: TensorInfo = backend.makeOutput([...shape], "float32");
    // Nor does it here: a tensor that found no room begins at 0, over the backend's own data.
    if (backend.dataIdMap.get(tensor.dataId).memoryOffset === 0) {
      dispose(tensor);
      throw outOfMemory(what);
    }
    return tensor;
  }

  return {
    module: kernels,
    pointer,
    output,
    copy(tensor) {
      const from = pointer(tensor);
      const copy = output(tensor.shape);
      const bytes = util.sizeFromShape(tensor.shape) * 4;
      new Uint8Array(memory.buffer).copyWithin(pointer(copy), from, from + bytes);
      return copy;
    },
    dispose,
    withScratch,
    withStruct: (fields, use) =>
      withScratch(fields.length * 4, (pointer) => {
        new Int32Array(memory.buffer, pointer, fields.length).set(fields);
        return use(pointer);
      }),
  };
}

function outOfMemory(what: string): RangeError {
  return new RangeError(
    `Cannot run a training kernel: the wasm heap must have room for ${what}, got none; ` +
      "use a smaller batch, or dispose of tensors",
  );
}
