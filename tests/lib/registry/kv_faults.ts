/**
 * A database on which a test acts between the steps of what it tests.
 *
 * @module
 */

/**
 * Wraps a database: before each commit of an atomic operation the test has its turn.
 *
 * @param beforeCommit Told which commit it is, from 1; what it throws, the commit throws, and nothing
 * is written: as if the process had been killed there.
 */
export function interceptCommits(
  kv: Deno.Kv,
  beforeCommit: (commit: number) => Promise<void> | void,
): Deno.Kv {
  let commits = 0;
  const wrapOperation = (operation: Deno.AtomicOperation): Deno.AtomicOperation => {
    const proxy: Deno.AtomicOperation = forward(operation, {
      commit: async () => {
        await beforeCommit(++commits);
        return await operation.commit();
      },
      check: (...checks: Deno.AtomicCheck[]) => (operation.check(...checks), proxy),
      set: (key: Deno.KvKey, value: unknown) => (operation.set(key, value), proxy),
      delete: (key: Deno.KvKey) => (operation.delete(key), proxy),
    });
    return proxy;
  };
  return forward(kv, { atomic: () => wrapOperation(kv.atomic()) });
}

/** The object with some of its methods replaced; the others run on the object itself. */
function forward<T extends object>(target: T, replaced: Partial<T>): T {
  return new Proxy(target, {
    get(_, property) {
      const value: unknown = Reflect.get(property in replaced ? replaced : target, property);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Every key of a database, as text. */
export async function keysOf(kv: Deno.Kv, prefix: Deno.KvKey = []): Promise<string[]> {
  return await Array.fromAsync(kv.list({ prefix }), ({ key }) => JSON.stringify(key));
}

/** Bytes that differ from chunk to chunk and from seed to seed. */
export function patternedBlob(length: number, seed = 0): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4)).map((_, i) => (i * 2654435761) ^ seed);
  return new Uint8Array(words.buffer, 0, length);
}
