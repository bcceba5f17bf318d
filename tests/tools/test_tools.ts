/**
 * Programs and data that tests run against: found where they are, installed where they are not.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUpPython } from "../../scripts/tools/python_environment.ts";

/** The denokv that tests run against. */
const DENOKV_VERSION = "0.14.0";

/** A Python with packages from PyPI. */
interface PythonTool {
  /** The variable that names it. */
  readonly variable: string;
  /** Its place in the project's cache. */
  readonly folder: string;
  /** A file for pip, from the project's folder. */
  readonly requirements: string;
  readonly what: string;
}

const PYTHONS: readonly PythonTool[] = [
  // Without PyTorch: some 350 MB.
  {
    variable: "EDGEDOOR_TEST_ART",
    folder: "art",
    requirements: "scripts/parity/requirements.txt",
    what: "the Adversarial Robustness Toolbox",
  },
  {
    variable: "EDGEDOOR_TEST_OIP_CLIENTS",
    folder: "oip-clients",
    requirements: "tests/e2e/clients/requirements.txt",
    what: "clients of the Open Inference Protocol",
  },
  // Apart, for it brings pandas, Kubernetes and gRPC: some 450 MB.
  {
    variable: "EDGEDOOR_TEST_KSERVE",
    folder: "kserve",
    requirements: "tests/e2e/clients/kserve_requirements.txt",
    what: "KServe's client",
  },
  {
    variable: "EDGEDOOR_TEST_SCHEMATHESIS",
    folder: "schemathesis",
    requirements: "tests/e2e/schemathesis/requirements.txt",
    what: "schemathesis",
  },
];

/** Environment variables for the tests, by name. */
export type TestEnvironment = Readonly<Record<string, string>>;

/**
 * Sets up what the tests need: a Chromium, a self-hosted Deno KV server, Fashion-MNIST, and Pythons
 * with the Adversarial Robustness Toolbox, with clients of the Open Inference Protocol, and with
 * schemathesis.
 *
 * @param print Told what is being installed.
 * @returns Where they are, in the variables by which tests find them.
 * @throws {Error} If something is missing and cannot be installed; says how to.
 */
export async function setUpTestTools(print: (line: string) => void): Promise<TestEnvironment> {
  const chromium = Deno.env.get("EDGEDOOR_TEST_CHROMIUM") ??
    await findOrInstall(findChromium, {
      packages: ["chromium", "fonts-dejavu-core"],
      what: "Chromium",
      variable: "EDGEDOOR_TEST_CHROMIUM",
      print,
    });
  await findOrInstall(() => existing("/usr/share/datasets/fashion-mnist"), {
    packages: ["dataset-fashion-mnist"],
    what: "Fashion-MNIST",
    print,
  });
  const denokv = Deno.env.get("EDGEDOOR_TEST_DENOKV") ?? await buildDenokv(print);
  const pythons: Record<string, string> = {};
  for (const python of PYTHONS) {
    pythons[python.variable] = Deno.env.get(python.variable) ?? await installPython(python, print);
  }
  return { EDGEDOOR_TEST_CHROMIUM: chromium, EDGEDOOR_TEST_DENOKV: denokv, ...pythons };
}

interface DebianTool {
  readonly packages: readonly string[];
  readonly what: string;
  /** The variable that names it where Debian's package does not serve. */
  readonly variable?: string;
  readonly print: (line: string) => void;
}

async function findOrInstall(
  find: () => Promise<string | null>,
  { packages, what, variable, print }: DebianTool,
): Promise<string> {
  const found = await find();
  if (found !== null) return found;
  print(`installing ${packages.join(", ")}`);
  const installed = await run("apt-get", ["update"]) &&
    await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages]);
  const now = installed ? await find() : null;
  if (now !== null) return now;
  throw new Error(
    `Cannot set up the tests: ${what} must be installed, and apt-get could not; install ` +
      `${packages.join(" ")} as root` + (variable ? `, or set ${variable} to its path` : ""),
  );
}

async function findChromium(): Promise<string | null> {
  const folders = Deno.env.get("PATH")?.split(":") ?? [];
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    for (const folder of folders) {
      const path = await existing(join(folder, name));
      if (path !== null) return path;
    }
  }
  return null;
}

/** Makes an environment of Python in the user's cache, unless it is there. */
async function installPython(
  { folder, requirements, what, variable }: PythonTool,
  print: (line: string) => void,
): Promise<string> {
  await findOrInstall(
    async () => await run("python3", ["-c", "import ensurepip, venv"]) ? "python3" : null,
    {
      packages: ["python3", "python3-venv"],
      what: "Python 3 with venv",
      variable,
      print,
    },
  );
  const file = fileURLToPath(new URL(`../../${requirements}`, import.meta.url));
  return await setUpPython(join(userCache(), folder), file, {
    onInstall: () => print(`installing ${what} from PyPI`),
  });
}

/** The project's folder in the user's cache. */
function userCache(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? ".", ".cache");
  return join(cache, "edgedoor");
}

/** Builds the server once into the user's cache. */
async function buildDenokv(print: (line: string) => void): Promise<string> {
  const root = join(userCache(), `denokv-${DENOKV_VERSION}`);
  const binary = join(root, "bin", "denokv");
  if (await existing(binary) !== null) return binary;
  if (!await run("protoc", ["--version"])) {
    await findOrInstall(() => existing("/usr/bin/protoc"), {
      packages: ["protobuf-compiler"],
      what: "the protocol buffer compiler",
      print,
    });
  }
  print(`building denokv ${DENOKV_VERSION} with cargo, once: about five minutes`);
  const arguments_ = ["install", "denokv", "--version", DENOKV_VERSION, "--locked", "--root", root];
  if (await run("cargo", arguments_)) return binary;
  throw new Error(
    "Cannot set up the tests: cargo could not build denokv; install Rust (https://rustup.rs), or " +
      "set EDGEDOOR_TEST_DENOKV to the path of a denokv",
  );
}

/** Runs a program; its output goes to standard error. False where it fails or is not there. */
async function run(program: string, args: readonly string[]): Promise<boolean> {
  try {
    const child = new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
      env: { DEBIAN_FRONTEND: "noninteractive" },
    }).spawn();
    await child.stdout.pipeTo(Deno.stderr.writable, { preventClose: true });
    return (await child.status).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function existing(path: string): Promise<string | null> {
  try {
    await Deno.stat(path);
    return path;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
