/**
 * Serving, for the commands that do.
 *
 * @module
 */

/** Where the server can be reached on this machine. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** A server that runs. */
export interface RunningServer {
  readonly address: Address;
  /** Resolves when it was stopped and has answered what was in flight. */
  readonly finished: Promise<void>;
}

/** Starts the server, which reads its settings from the environment and prints its address. */
export async function serve(): Promise<RunningServer> {
  // Imported when it is wanted: to import it is to start it.
  const { server } = await import("../../main.ts");
  const { hostname, port } = server.addr;
  return { address: { hostname, port }, finished: server.finished };
}
