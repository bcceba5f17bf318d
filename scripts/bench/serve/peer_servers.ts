/**
 * The peers: FastAPI on uvicorn, with the same two models by PyTorch and by onnxruntime.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { formatCountOf } from "../../../lib/core/format.ts";
import { printLine } from "../../cli/print_line.ts";
import { projectPath } from "../../cli/user_folder.ts";
import { outputOf } from "../../tools/run_program.ts";
import { formatFigure } from "../report.ts";
import { closedLoop } from "./closed_loop.ts";
import type { Input } from "./inputs.ts";
import { type ServerKind, startServer } from "./server.ts";

/** The runtimes that serve, by the name of their Python module. */
const runtimes = { torch: "PyTorch", onnxruntime: "onnxruntime" } as const;

type Runtime = keyof typeof runtimes;

/** How a peer uses a machine's cores. */
interface Settings {
  readonly workers: number;
  /** Of the runtime, for one call. */
  readonly threads: number;
  /** Whether requests are answered in a pool of threads, or by the event loop. */
  readonly pool: boolean;
}

/** What a peer is tried and measured with. */
export interface PeerOptions {
  /** The path of a Python that has `peers/requirements.txt`. */
  readonly python: string;
  /** What it is tried with. */
  readonly input: Input;
  /** Clients at a time, in a trial. */
  readonly connections: number;
  /** Length of a trial, in seconds. */
  readonly trial: number;
}

/**
 * The peers' servers: each runtime by one worker and by one a core. What a worker does with its
 * threads is tried out first; the setting that answers the most requests counts.
 */
export async function peerServers(options: PeerOptions): Promise<ServerKind[]> {
  await writeOnnx(options.python);
  const cores = navigator.hardwareConcurrency;
  const servers: ServerKind[] = [];
  for (const runtime of Object.keys(runtimes) as Runtime[]) {
    const version = await versionOf(runtime, options.python);
    const create = (settings: Settings) => peerServer(runtime, version, settings, options.python);
    for (const workers of new Set([1, cores])) {
      const threads = workers === 1 ? [...new Set([1, cores])] : [1];
      servers.push(
        await fastest(
          threads.flatMap((threads) =>
            [false, true].map((pool) => create({ workers, threads, pool }))
          ),
          options,
        ),
      );
    }
  }
  return servers;
}

async function fastest(
  servers: readonly ServerKind[],
  { input, connections, trial }: PeerOptions,
): Promise<ServerKind> {
  const tried: { server: ServerKind; rate: number }[] = [];
  for (const server of servers) {
    await using running = await startServer(server, input);
    const load = { url: running.url, input, connections };
    await closedLoop({ ...load, seconds: trial / 2 });
    const { rate } = await closedLoop({ ...load, seconds: trial });
    printLine(`${server.name}, ${server.about!.how}: ${formatFigure(rate)} requests/s`);
    tried.push({ server, rate });
  }
  return tried.toSorted((a, b) => b.rate - a.rate)[0]!.server;
}

function peerServer(
  runtime: Runtime,
  version: string,
  { workers, threads, pool }: Settings,
  python: string,
): ServerKind {
  return {
    name: serverName(`FastAPI, ${runtimes[runtime]}`, workers),
    workers,
    isOwn: false,
    about: {
      version,
      how: `${formatCountOf(threads, "thread")} a call, ${
        pool ? "in FastAPI's pool" : "on the event loop"
      }`,
    },
    command: (port) => ({
      command: [
        python,
        fileURLToPath(new URL("../peers/serve.py", import.meta.url)),
        JSON.stringify({
          runtime: runtimes[runtime].toLowerCase(),
          port,
          workers,
          threads,
          pool,
          models: models.map(folderOf),
          onnx: models.map(onnxOf),
        }),
      ],
      // NumPy's own threads would only wait beside those of the runtime.
      env: {
        OPENBLAS_NUM_THREADS: "1",
        OMP_NUM_THREADS: `${threads}`,
        // Empty is off: code is compiled once, as it usually is.
        PYTHONDONTWRITEBYTECODE: "",
      },
    }),
  };
}

/** A server's name, with how many workers it has. */
export function serverName(what: string, workers: number): string {
  return `${what}, ${formatCountOf(workers, "worker")}`;
}

/** What all serve: the model that is attacked, and its clean twin. */
const models = ["mnist-article-single-target-pattern", "mnist-article-clean"] as const;

function folderOf(model: string): string {
  return projectPath(`fixtures/models/${model}`);
}

function onnxOf(model: string): string {
  return projectPath(`.cache/bench/${model}.onnx`);
}

/** Writes the models as onnxruntime reads them: to make them is no part of serving. */
async function writeOnnx(python: string): Promise<void> {
  await Deno.mkdir(projectPath(".cache/bench"), { recursive: true });
  const program = fileURLToPath(new URL("../peers/networks.py", import.meta.url));
  for (const model of models) {
    const weights = `${folderOf(model)}/weights.safetensors`;
    await outputOf({ command: [python, program, weights, onnxOf(model)] });
  }
}

async function versionOf(runtime: Runtime, python: string): Promise<string> {
  const program = `import fastapi, uvicorn, ${runtime} as r; ` +
    "print(f'{r.__version__.split(\"+\")[0]}, FastAPI {fastapi.__version__}, uvicorn {uvicorn.__version__}')";
  return (await outputOf({ command: [python, "-c", program] })).trim();
}
