/** What the project's documents say of files and commands. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { VERSION } from "../lib/core/version.ts";
import { permissions } from "../scripts/cli/permissions.ts";

const root = new URL("../", import.meta.url);

const documents = [
  ...["README.md", "RESULTS.md", "BENCHMARKS.md", "ARCHITECTURE.md", "CONTRIBUTING.md"],
  ...["CHANGELOG.md", "DEPLOYMENT.md", "fixtures/models/README.md", "lib/wasm/README.md"],
];

function read(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, root));
}

/** A command as a document writes it: the task, and all that follows it. */
interface Command {
  readonly task: string;
  readonly args: readonly string[];
}

/** The commands of a document: in the lines of its blocks, and in its pieces of code. */
function commandsIn(text: string): Command[] {
  const fenced = /^```(\w*)\n(.*?)^```$/gms;
  const blocks = [...text.matchAll(fenced)].flatMap(([, language, lines]) =>
    language === "" ? lines!.split("\n") : []
  );
  const pieces = [...text.replaceAll(fenced, "").matchAll(/`([^`\n]+)`/g)];
  return [...blocks, ...pieces.map(([, piece]) => piece!)].flatMap((line) => {
    const command = /\bdeno(?:@[\d.]+)? task (?<task>[\w:]+)(?<rest>[^#&]*)/.exec(line)?.groups;
    if (command === undefined) return [];
    return [{ task: command.task!, args: command.rest!.split(/\s+/).filter(Boolean) }];
  });
}

/** What `--help` of a task's script says, and of the part of it that is named. */
async function helpOf(command: string, part?: string): Promise<string> {
  const script = /(scripts|tests)\/\S+\.ts/.exec(command)?.[0];
  assert.ok(script, `${command} has no flags`);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script, ...part === undefined ? [] : [part], "--help"],
    cwd: root,
  }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("every command that a document names is a task that has the flags it is given", async () => {
  const { tasks } = JSON.parse(await read("deno.json"));
  const helps = new Map<string, string>();
  const strange: string[] = [];
  let count = 0;
  for (const path of documents) {
    for (const { task, args } of commandsIn(await read(path))) {
      count++;
      if (tasks[task] === undefined) strange.push(`${path}: ${task}`);
      const flags = args.filter((arg) => arg.startsWith("--"));
      // A command of several parts has flags of each.
      const part = task === "models" || task === "defend" ? args[0] : undefined;
      const whole = `${task} ${part ?? ""}`;
      for (const flag of flags) {
        if (!helps.has(whole)) helps.set(whole, await helpOf(tasks[task].command, part));
        const isKnown = new RegExp(`(^|[\\s,])${flag}(?![\\w-])`, "m").test(helps.get(whole)!);
        if (!isKnown) strange.push(`${path}: ${task} ${flag}`);
      }
      const files = args.filter((arg) => /^(\w+:)?fixtures\//.test(arg));
      for (const file of files.map((arg) => arg.replace(/^\w+:/, ""))) {
        if (!existsSync(new URL(file, root))) strange.push(`${path}: ${file}`);
      }
    }
  }
  assert.deepEqual(strange, []);
  assert.ok(count > 30);
});

Deno.test("every file that a document links to or shows is there", async () => {
  const missing: string[] = [];
  let count = 0;
  for (const path of documents) {
    const text = await read(path);
    const links = [...text.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"|@(fixtures\/\S+)/g)];
    for (const [, link, source, file] of links) {
      const target = (link ?? source ?? file)!;
      if (/^https?:/.test(target)) continue;
      count++;
      const [name = "", anchor] = target.split("#");
      const url = file === undefined ? new URL(name, new URL(path, root)) : new URL(name, root);
      const isThere = existsSync(url);
      if (!isThere) missing.push(`${path}: ${target}`);
      if (!isThere || anchor === undefined) continue;
      const headings = (await Deno.readTextFile(url)).matchAll(/^#+ (.*)$/gm);
      const anchors = [...headings].map(([, title]) =>
        title!.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-")
      );
      if (!anchors.includes(anchor)) missing.push(`${path}: ${target}`);
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(count > 10);
});

Deno.test("the README is short, and shows the page and two results", async () => {
  const text = await read("README.md");
  const lines = text.trimEnd().split("\n").length;
  assert.ok(lines <= 150, `${lines} lines`);
  assert.deepEqual([...text.matchAll(/fixtures\/[\w-]+\.(?:png|svg)(?=[)"])/g)].map(String), [
    "fixtures/page.png",
    "fixtures/badnets-pattern-backdoor-error.svg",
    "fixtures/clean-label-mnist-success-by-share.svg",
  ]);
});

Deno.test("a word of the README's list stands nowhere before it", async () => {
  const text = await read("README.md");
  const [, list = ""] = /^## Words\n(.*?)^## /ms.exec(text) ?? [];
  const words = [...list.matchAll(/^\| (\w[\w ]*?) +\|/gm)].map(([, word]) => word!).slice(1);
  assert.equal(words.length, 5);
  const before = text.slice(0, text.indexOf("## Words"));
  for (const word of words) assert.ok(!before.includes(word), word);
});

Deno.test("one version of Deno is named, and it is the one that the gate runs", async () => {
  const named = new Set<string>();
  for (const path of [...documents, ".ci/run"]) {
    for (const [, version] of (await read(path)).matchAll(/\bdeno@([\d.]+\d)/g)) {
      named.add(version!);
    }
  }
  assert.equal(named.size, 1, [...named].join(" and "));
});

Deno.test("the changelog begins with this version, after what is not released yet", async () => {
  const sections = (await read("CHANGELOG.md")).match(/^## .*$/gm) ?? [];
  const [first] = sections.filter((section) => section !== "## [Unreleased]");
  assert.match(first ?? "", new RegExp(`^## \\[?${RegExp.escape(VERSION)}\\b`));
});

Deno.test("the variables that DEPLOYMENT.md names are those that start may read", async () => {
  const table = (await read("DEPLOYMENT.md")).split("\n").filter((line) => /^\| `[A-Z]/.test(line));
  const named = table.flatMap((line) => line.split("|")[1]!.match(/[A-Z_]+/g) ?? []);
  const flag = permissions.serve.find((flag) => flag.startsWith("--allow-env="))!;
  const readable = flag.replace("--allow-env=", "").split(",");
  assert.deepEqual(named.filter((name) => !readable.includes(name)), []);
  // What Deno and the commands set themselves, or read of any user's environment.
  const others =
    /^(REUSE_PORT|INIT_CWD|OTEL_\w+|DENO_(DEPLOY\w*|DIR)|\w*HOME|\w*COLOR\w*|LOCALAPPDATA)$/;
  assert.deepEqual(readable.filter((name) => !named.includes(name) && !others.test(name)), []);
});
