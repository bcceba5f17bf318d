/**
 * What stands in a Dockerfile.
 *
 * @module
 */

/** An instruction: `RUN` and what follows it, on one line. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Takes a Dockerfile apart. */
export function readInstructions(text: string): Instruction[] {
  const lines = text.split("\n").filter((line) => !line.startsWith("#")).join("\n");
  return lines.replace(/\\\n/g, " ").split("\n").flatMap((line) => {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    return name === undefined || rest === undefined ? [] : [{ name, rest: rest.trim() }];
  });
}

/** The rest of the only instruction of a name; throws if there is none or there are several. */
export function only(instructions: readonly Instruction[], name: string): string {
  const found = instructions.filter((instruction) => instruction.name === name);
  if (found.length === 1) return found[0]!.rest;
  throw new Error(`Cannot read the Dockerfile: it must have one ${name}, got ${found.length}`);
}

/** The variables that `ENV` sets. */
export function environmentOf(instructions: readonly Instruction[]): Record<string, string> {
  const entries = instructions.filter(({ name }) => name === "ENV")
    .map(({ rest }) => rest.split("=", 2) as [string, string]);
  return Object.fromEntries(entries);
}

/** What a `.dockerignore` lets into the image, which excludes all else by its first line. */
export function includedPaths(text: string): string[] {
  const [first, ...others] = text.split("\n").filter((line) => line !== "" && line[0] !== "#");
  if (first !== "*" || others.some((line) => !/^![\w.]+$/.test(line))) {
    throw new Error(
      `Cannot read .dockerignore: it must be * and then names to include, got ${text}`,
    );
  }
  return others.map((line) => line.slice(1));
}
