/**
 * The Python environment of the peers.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { printLine } from "../../cli/print_line.ts";
import { setUpPython } from "../../tools/python_environment.ts";
import type { Program } from "../../tools/run_program.ts";

/** In a folder that is not tracked. */
const environment = fileURLToPath(new URL("../../../.cache/peers", import.meta.url));
const requirements = fileURLToPath(new URL("./requirements.txt", import.meta.url));

/**
 * Makes the environment with what `requirements.txt` asks for, unless it is there. It takes some
 * gigabytes, once.
 *
 * @returns The path of its Python.
 * @throws {Error} If there is no Python 3 with `venv`, or PyPI cannot be reached.
 */
export function setUpPeers(): Promise<string> {
  return setUpPython(environment, requirements, {
    onInstall: () =>
      printLine(
        `making a Python environment with PyTorch, TensorFlow, onnxruntime and FastAPI in ${environment}`,
      ),
  });
}

/** What a peer is asked for; `peer.py` says what each means. */
export interface PeerOptions {
  readonly network: string;
  readonly data: string;
  readonly batchSize: number;
  readonly epochs: number;
  readonly threads: number;
  /** PyTorch's alone. */
  readonly channelsLast?: boolean;
}

/**
 * A peer's program.
 *
 * @param peer Which.
 * @param options What it is asked for.
 * @param python The path of a Python that has it.
 */
export function peerProgram(
  peer: "pytorch" | "keras",
  options: PeerOptions,
  python: string,
): Program {
  const path = fileURLToPath(new URL(`./train_${peer}.py`, import.meta.url));
  return { command: [python, path, JSON.stringify(options)] };
}
