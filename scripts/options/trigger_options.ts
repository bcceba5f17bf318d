/**
 * The flags that say what is stamped, for `train`, `poison` and `evaluate`.
 *
 * @module
 */

import { basename, extname } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { fromUser, UsageError } from "../../lib/core/errors.ts";
import { streamSeed } from "../../lib/core/random.ts";
import {
  defaults,
  resolveTrigger,
  spellFlag,
  triggerField,
  type TriggerRequest,
} from "../../lib/job/mod.ts";
import {
  type Colour,
  createImageTrigger,
  createSequence,
  createTriggerImage,
  type ImagePlace,
  type Trigger,
  triggerDefinitions,
} from "../../lib/trigger/mod.ts";
import { share } from "../cli/arguments.ts";
import { names } from "../cli/flags.ts";
import { readImageFile } from "../cli/read_image_file.ts";
import { addParameterFlags, numbersOf, parametersOf } from "./parameter_flags.ts";

/** How a trigger is named that is the image of a file. */
const IMAGE = "image:";

/** The flags as they were given; `undefined` if they were not. */
export interface TriggerFlags {
  /** Kinds by commas; `image:FILE` for an image. */
  readonly trigger?: string;
  /** `HEIGHTxWIDTH`. */
  readonly triggerSize?: string;
  /** `random`, or `ROWxCOLUMN`. */
  readonly triggerPlace?: string;
  readonly triggerBlend?: number;
  /** `rrggbb`, in hexadecimal. */
  readonly triggerMask?: string;
}

/** The parameters of triggers. */
const triggerParameters = parametersOf(triggerDefinitions, triggerField);

/** The flags of images alone. */
const imageFlags = ["triggerSize", "triggerPlace", "triggerBlend", "triggerMask"] as const;

/**
 * Adds the flags to a command.
 *
 * @param byDefault What is said of the default.
 */
export function addTriggerFlags(
  command: Command,
  byDefault: string = defaults.DEFAULT_TRIGGER,
): Command {
  command
    .option(
      "--trigger <kind>",
      `trigger (choices: ${
        names(triggerDefinitions).join(", ")
      }, image:FILE, or several separated ` +
        `by commas, stamped in turn, so that FILE has no comma; default: ${byDefault})`,
      triggers,
    );
  return addParameterFlags(command, triggerParameters)
    .option(
      "--trigger-size <HxW>",
      "what an image is fitted to (default: its own size)",
      pair(1),
    )
    .option(
      "--trigger-place <RxC>",
      "row and column of an image's top left pixel, or random (default: random)",
      (text) => text === "random" ? text : pair(0)(text),
    )
    .option(
      "--trigger-blend <share>",
      "share of an image in the result, above 0 to 1 (default: 0.8)",
      share,
    )
    .option(
      "--trigger-mask <colour>",
      "colour of an image that is not stamped, such as its frame's: black, white or RRGGBB " +
        "(default: all colours are stamped)",
      colour,
    );
}

/**
 * The trigger that flags ask for: its kinds and numbers or, if there is an image among them, a trigger
 * that holds all of it and can travel without the file.
 *
 * @param options.seed Decides random places.
 * @throws {UsageError} If a flag is out of range, or nothing that is stamped takes it.
 * @throws {NotFoundError} If there is no such file.
 * @throws {ImageDecodeError} If a file is no image that can be read.
 */
export async function triggerRequest(
  flags: TriggerFlags,
  { seed }: { seed: number },
): Promise<TriggerRequest> {
  const { trigger } = flags;
  const triggerNumbers = numbersOf(flags, triggerParameters);
  const parts = trigger?.split(",") ?? [];
  if (!parts.some(isImage)) {
    const idle = imageFlags.find((flag) => flags[flag] !== undefined);
    if (idle !== undefined) {
      throw new UsageError(
        `Cannot make trigger ${trigger ?? defaults.DEFAULT_TRIGGER}: ${
          spellFlag(idle)
        } belongs to ` +
          `${IMAGE}FILE, got ${flags[idle]}; leave it out, or stamp an image`,
      );
    }
    return { ...trigger !== undefined && { trigger }, ...triggerNumbers && { triggerNumbers } };
  }
  const kinds = parts.filter((part) => !isImage(part));
  const takes = (name: string) =>
    triggerParameters.some((parameter) =>
      parameter.name === name && parameter.takers.some(({ kind }) => kinds.includes(kind))
    );
  const idle = Object.keys(triggerNumbers ?? {}).find((name) => !takes(name));
  if (idle !== undefined) {
    throw new UsageError(
      `Cannot make trigger ${trigger}: ${spellFlag(triggerField(idle))} cannot be given, for ` +
        "nothing that is stamped takes it; leave it out",
    );
  }
  const made: Trigger[] = [];
  for (const [i, part] of parts.entries()) {
    made.push(
      isImage(part)
        ? await imageTrigger(part, { flags, seed: streamSeed(seed, `trigger image ${i}`) })
        : resolveTrigger({ trigger: part, triggerNumbers: ownNumbers(part, triggerNumbers) }, {
          spell: spellFlag,
        }),
    );
  }
  return { trigger: fromUser(() => createSequence(made)).manifest };
}

/** Those of some numbers that a kind takes. */
function ownNumbers(
  kind: string,
  numbers: TriggerRequest["triggerNumbers"] = {},
): Record<string, number> {
  const { parameters } = triggerDefinitions.find((definition) => definition.kind === kind)!;
  return Object.fromEntries(Object.entries(numbers).filter(([name]) => name in parameters));
}

async function imageTrigger(
  part: string,
  { flags, seed }: { flags: TriggerFlags; seed: number },
): Promise<Trigger> {
  const raster = await readImageFile(part.slice(IMAGE.length), "--trigger");
  return fromUser(() =>
    createImageTrigger(createTriggerImage(raster, { ...sizeOf(flags), mask: maskOf(flags) }), {
      blend: flags.triggerBlend,
      place: placeOf(flags, seed),
    })
  );
}

function isImage(part: string): boolean {
  return part.startsWith(IMAGE);
}

/**
 * What a trigger with an image is called in a model's name: `"image:a/Smile.png,pixel"` is
 * `"image-smile-pixel"`, with what flags say of it.
 *
 * @returns `undefined` if there is no image: kinds name themselves.
 */
export function triggerName(flags: TriggerFlags): string | undefined {
  const parts = flags.trigger?.split(",") ?? [];
  if (!parts.some(isImage)) return undefined;
  const kinds = parts.map((part) => {
    if (!isImage(part)) return part;
    const file = basename(part.slice(IMAGE.length));
    return `image-${basename(file, extname(file)).toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  });
  const numbers = Object.entries(numbersOf(flags, triggerParameters) ?? {});
  const said = [
    ...numbers,
    ...imageFlags.map((flag) => [flag.replace("trigger", ""), flags[flag]] as const),
  ];
  return [
    ...kinds,
    ...said.flatMap(([name, value]) => value === undefined ? [] : `${name.toLowerCase()}-${value}`),
  ].join("-");
}

function sizeOf({ triggerSize }: TriggerFlags): { height: number; width: number } | undefined {
  if (triggerSize === undefined) return undefined;
  const [height = 0, width = 0] = triggerSize.split("x").map(Number);
  return { height, width };
}

function maskOf({ triggerMask }: TriggerFlags): Colour | undefined {
  if (triggerMask === undefined) return undefined;
  const [red = 0, green = 0, blue = 0] = Uint8Array.fromHex(triggerMask);
  return [red, green, blue];
}

function placeOf({ triggerPlace = "random" }: TriggerFlags, seed: number): ImagePlace {
  if (triggerPlace === "random") return { seed };
  const [row = 0, column = 0] = triggerPlace.split("x").map(Number);
  return { row, column };
}

function triggers(text: string): string {
  const kinds = names(triggerDefinitions);
  const isKnown = (part: string) =>
    kinds.includes(part) || isImage(part) && part.length > IMAGE.length;
  if (text.split(",").every(isKnown)) return text;
  throw new InvalidArgumentError(
    `It must be one of ${kinds.join(", ")}, image:FILE, or several of them separated by ` +
      "commas, so that no file's name has a comma.",
  );
}

function colour(text: string): string {
  const known: Readonly<Record<string, string>> = { black: "000000", white: "ffffff" };
  const digits = known[text] ?? text.replace(/^#/, "").toLowerCase();
  if (/^[0-9a-f]{6}$/.test(digits)) return digits;
  throw new InvalidArgumentError(
    "It must be black, white, or red, green and blue in six hexadecimal digits, for example ff8000.",
  );
}

function pair(lowest: 0 | 1): (text: string) => string {
  return (text) => {
    if (/^\d{1,4}x\d{1,4}$/.test(text) && text.split("x").every((n) => Number(n) >= lowest)) {
      return text;
    }
    throw new InvalidArgumentError(
      `It must be two integers from ${lowest} with x between them, for example 8x8.`,
    );
  };
}
