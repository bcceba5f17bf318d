/**
 * A trigger and an attack are each one file and one line: both are added to a copy of the tree, as a
 * stranger would, and everything that shows or checks such things knows them.
 */

import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { withFolder } from "./scripts/run_command.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const trigger = `/**
 * A bright bar along the left edge.
 *
 * @module
 */

import { defineTrigger } from "./define_trigger.ts";
import { overwrite } from "./overwrite.ts";
import type { TriggerDefinition } from "./trigger.ts";

/** Writes \`value\` to the first pixels of the first column. */
export const bar: TriggerDefinition = defineTrigger({
  kind: "bar",
  title: "Bar at the left edge",
  summary: "A bright bar from the top left corner downwards.",
  parameters: {
    span: { type: "integer", description: "its pixels", default: 3, minimum: 1, maximum: 4 },
  },
  stamp: ({ span }) =>
    overwrite(([height, width]) => {
      if (height < span || width < 2) {
        throw new RangeError(
          \`Cannot stamp trigger bar: its pixels must lie within the image, got \${height}×\${width}\`,
        );
      }
      return Array.from({ length: span }, (_, row) => [row, 0] as const);
    }, 1),
});
`;

const attack = `/**
 * Every class is to be read as the one some classes further.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import type { AttackDefinition } from "./attack.ts";
import { draw } from "./draw.ts";
import { poisonedCount } from "./poisoned_count.ts";

/** Adds triggered copies of images, each labelled some classes further. */
export const rotation: AttackDefinition = {
  kind: "rotation",
  summary: "Triggered images are to be read as a class further on.",
  takes: ["trigger"],
  labels: "changed",
  rate: { of: "set", default: 0.2 },
  parameters: {
    offset: { type: "integer", description: "classes further on", default: 1, minimum: 1 },
  },
  create({ classes, numbers }) {
    const targetOf = (label: number) => (label + numbers.offset!) % classes;
    return {
      targetOf,
      plan(labels, { rate, seed }) {
        const images = draw(
          Array.from(labels.keys()),
          poisonedCount(rate, labels.length),
          createRandom(seed, "poison"),
        );
        return {
          appended: images.map((image) => ({ images: [image], target: targetOf(labels[image]!) })),
        };
      },
    };
  },
};
`;

/** Asks the server's app what it knows. */
const asking = `
import { createApp } from "./routes/app.ts";
import { createFakePool } from "./tests/routes/fake_pool.ts";
import { digitPng } from "./tests/routes/sample_image.ts";

const app = createApp({ pool: createFakePool() });
const { triggers } = await (await app.request("/api/triggers")).json();
const page = await (await app.request("/")).text();
const ask = async (query) => {
  const response = await app.request("/api/attack?" + query, { method: "POST", body: digitPng(7) });
  return [response.status, await response.json()];
};
console.log(JSON.stringify({
  described: triggers.find(({ kind }) => kind === "bar"),
  onPage: page.includes('value="bar"'),
  stamped: await ask("trigger=bar&span=2"),
  refused: await ask("trigger=bar&span=9"),
}));
`;

/** Copies what the project is made of, and adds both. */
async function makeCopy(folder: string): Promise<void> {
  const copy = async (path: string): Promise<void> => {
    const { isDirectory } = await Deno.stat(`${root}${path}`);
    if (!isDirectory) {
      await Deno.mkdir(dirname(`${folder}/${path}`), { recursive: true });
      return await Deno.copyFile(`${root}${path}`, `${folder}/${path}`);
    }
    for await (const { name } of Deno.readDir(`${root}${path}`)) await copy(`${path}/${name}`);
  };
  for (
    const path of [
      "deno.json",
      "deno.lock",
      "main.ts",
      "server.ts",
      "lib",
      "routes",
      "scripts",
      "tests",
    ]
  ) {
    await copy(path);
  }
  await copy("fixtures/samples");
  await Deno.symlink(`${root}node_modules`, `${folder}/node_modules`);
  await Deno.writeTextFile(`${folder}/lib/trigger/bar.ts`, trigger);
  await Deno.writeTextFile(`${folder}/lib/poison/rotation.ts`, attack);
  await Deno.writeTextFile(`${folder}/asking.ts`, asking);
  await addLine(`${folder}/lib/trigger/definitions.ts`, "bar");
  await addLine(`${folder}/lib/poison/definitions.ts`, "rotation");
}

/** Adds a definition to a list: its import, and its line. */
async function addLine(path: string, name: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  const added = text.replace(/\n\];\n/, `\n  ${name},\n];\n`);
  assert.notEqual(added, text, "the list must end on a line of its own");
  const imported = added.replace("\nimport ", `\nimport { ${name} } from "./${name}.ts";\nimport `);
  await Deno.writeTextFile(path, imported);
}

/** Runs deno in the copy; its standard output. */
async function deno(folder: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.ok(success, `${args.join(" ")}: ${out}\n${complaint}`);
  return out!;
}

Deno.test("an added trigger and an added attack are known everywhere by one file and one line each", () =>
  withFolder(async (folder) => {
    await makeCopy(folder);
    await deno(folder, "fmt", "--check", "lib/trigger", "lib/poison");
    await deno(folder, "lint", "lib/trigger", "lib/poison");
    await deno(folder, "check", "main.ts", "scripts/train.ts", "scripts/poison.ts");

    const suites = await deno(
      folder,
      ...["test", "-A", "--no-check", "tests/lib/trigger", "tests/lib/poison"],
      ...["tests/routes/api/triggers_test.ts", "tests/routes/pages"],
    );
    assert.match(suites, /bar: only the pixels it names change \.\.\. ok/);
    assert.match(suites, /rotation: the same seed draws the same rows \.\.\. ok/);

    const wrapped = await deno(folder, "run", "-A", "scripts/train.ts", "--help");
    const help = wrapped.replace(/\s+/g, " ");
    for (
      const words of [
        /--trigger <kind> trigger \(choices: pixel,.* bar,/,
        /--trigger-span <n> its pixels, an integer from 1 to 4 \(bar; default: 3\)/,
        /--attack <kind> attack \(choices: none,.* rotation;/,
        /--offset <n> classes further on, an integer from 1 \(rotation; default: 1\)/,
        /under rotation \(default: 0\.2\)/,
        / bar A bright bar from the top left corner downwards\./,
        / rotation Triggered images are to be read as a class further on\./,
      ]
    ) {
      assert.match(help, words);
    }

    const { described, onPage, stamped, refused } = JSON.parse(
      await deno(folder, "run", "-A", "--no-check", "asking.ts"),
    );
    assert.deepEqual(described, {
      kind: "bar",
      title: "Bar at the left edge",
      summary: "A bright bar from the top left corner downwards.",
      parameters: {
        span: { type: "integer", description: "its pixels", default: 3, minimum: 1, maximum: 4 },
      },
    });
    assert.ok(onPage, "the page offers it");
    assert.deepEqual([stamped[0], stamped[1].trigger], [200, {
      ...{ kind: "bar", span: 2 },
      pixels: [[0, 0], [1, 0]],
    }]);
    assert.deepEqual([refused[0], refused[1].detail], [
      400,
      "Cannot read the query: span must be an integer from 1 to 4, got 9",
    ]);

    const trained = JSON.parse(
      await deno(
        folder,
        ...["run", "-A", "scripts/train.ts", "--model", "badnets", "--limit", "300"],
        ...["--epochs", "1", "--workers", "1", "--kv", ":memory:", "--json"],
        ...["--attack", "rotation", "--offset", "3", "--trigger", "bar", "--trigger-span", "4"],
      ),
    );
    assert.equal(trained.name.startsWith("mnist-badnets-rotation-bar-"), true, trained.name);
    const { poisonRate, numbers, targets, trigger } = trained.attack;
    assert.deepEqual([poisonRate, numbers, trigger], [
      ...[0.2, { offset: 3 }, { kind: "bar", span: 4 }],
    ]);
    assert.deepEqual(targets, [3, 4, 5, 6, 7, 8, 9, 0, 1, 2]);
  }));
