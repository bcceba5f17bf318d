/**
 * Requests that schemathesis makes of two descriptions, of the Open Inference Protocol and of this
 * server, against a real server: right ones, wrong ones, and what stands at their borders.
 */

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { digitInput } from "../routes/v2/infer_case.ts";
import { withFolder } from "../scripts/run_command.ts";
import { startServer } from "./server.ts";

/** A bundled model. */
const MODEL = "mnist-article-single-target-pattern";

/** Each is a defect of the server, whatever it was sent. */
const CHECKS = [
  ...["not_a_server_error", "status_code_conformance", "content_type_conformance"],
  ...["response_schema_conformance", "response_headers_conformance"],
];

/** Requests of each kind to each route: both descriptions together take less than a minute. */
const EXAMPLES = 20;

interface Parameter {
  readonly in?: string;
  readonly name?: string;
}

/**
 * Writes examples into a description: chance finds neither the name of a model nor 784 values that
 * fit its shape.
 */
function withExamples(description: unknown): unknown {
  const request = { id: "42", inputs: [digitInput(7)] };
  return JSON.parse(JSON.stringify(description), (key, value) => {
    const { in: place, name = "" }: Parameter = value ?? {};
    if (place === "path") return { ...value, example: /version/.test(name) ? "1" : MODEL };
    if (
      key === "application/json" && JSON.stringify(value).match(/InferenceRequest|InferRequest/)
    ) {
      return { ...value, example: request };
    }
    return value;
  });
}

/** Runs schemathesis; fails with what it prints if it finds anything. */
async function check(description: unknown, url: string): Promise<void> {
  const python = Deno.env.get("EDGEDOOR_TEST_SCHEMATHESIS");
  assert.ok(
    python,
    "EDGEDOOR_TEST_SCHEMATHESIS must name a Python with it; deno task test sets it",
  );
  // It leaves files where it runs.
  await withFolder(async (folder) => {
    const file = join(folder, "description.json");
    await Deno.writeTextFile(file, JSON.stringify(withExamples(description)));
    const { success, stdout, stderr } = await new Deno.Command(
      join(dirname(python), "schemathesis"),
      {
        args: [
          ...[
            "run",
            file,
            `--url=${url}`,
            `--checks=${CHECKS}`,
            "--phases=examples,coverage,fuzzing",
          ],
          ...["--seed=1", "--generation-deterministic"],
          ...[
            `--max-examples=${EXAMPLES}`,
            "--continue-on-failure",
            "--warnings=off",
            "--no-color",
          ],
        ],
        cwd: folder,
      },
    ).output();
    const printed = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.ok(success, printed);
    const passed = Number(/(\d+) generated, \1 passed/.exec(printed)?.[1]);
    assert.ok(passed > 300, printed);
  });
}

/** How many requests for inference the server has answered. */
async function countAnswers(url: string): Promise<number> {
  const { model_stats: [statistics] } = await (await fetch(`${url}v2/models/${MODEL}/stats`))
    .json();
  return statistics.inference_stats.success.count;
}

Deno.test("schemathesis finds nothing by the protocol's description, and nothing by ours", async (t) => {
  await using server = await startServer();
  const { url } = server;
  const protocol = new URL("schemathesis/open_inference_protocol.json", import.meta.url);
  let answers = 0;
  for (
    const [name, read] of [
      ["the Open Inference Protocol", () => Deno.readTextFile(protocol)],
      ["this server", async () => (await fetch(`${url}openapi.json`)).text()],
    ] as const
  ) {
    await t.step(name, async () => {
      await check(JSON.parse(await read()), url);
      const before = answers;
      answers = await countAnswers(url);
      assert.ok(answers > before, "no request was one that a model could answer");
    });
  }
});
