/**
 * The flags that say what is stamped, for `train` and `poison`.
 *
 * @module
 */

import { basename, extname } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { fromUser, UsageError } from "../../lib/core/errors.ts";
import { streamSeed } from "../../lib/core/random.ts";
import {
  createImageTrigger,
  createTrigger,
  createTriggerImage,
  type ImagePlace,
  type Trigger,
  triggerDefinitions,
  type TriggerOptions,
} from "../../lib/trigger/mod.ts";
import { share } from "../cli/arguments.ts";
import { spell } from "../cli/flags.ts";
import { readImageFile } from "../cli/read_image_file.ts";

/** What is stamped where nothing is said. */
export const DEFAULT_TRIGGER = "pattern";

/** How a trigger is named that is the image of a file. */
const IMAGE = "image:";

/** The flags as they were given; `undefined` where they were not. */
export interface TriggerFlags {
  /** Kinds by commas; `image:FILE` for an image. */
  readonly trigger?: string;
  readonly triggerAmplitude?: number;
  /** `HEIGHTxWIDTH`. */
  readonly triggerSize?: string;
  /** `random`, or `ROWxCOLUMN`. */
  readonly triggerPlace?: string;
  readonly triggerBlend?: number;
}

/** Their names. */
export const triggerFlags: readonly (keyof TriggerFlags)[] = [
  ...["trigger", "triggerAmplitude", "triggerSize", "triggerPlace", "triggerBlend"] as const,
];

/** Any such trigger, as it is called on a command line. */
const IMAGE_FILE = `${IMAGE}FILE`;

/** What is stamped that takes a flag, as it is called on a command line. */
const takers: Readonly<Record<string, readonly string[]>> = {
  triggerSize: [IMAGE_FILE],
  triggerPlace: [IMAGE_FILE],
  triggerBlend: [IMAGE_FILE],
  triggerAmplitude: kindsWith("amplitude"),
  distance: kindsWith("distance"),
  value: kindsWith("value"),
};

function kindsWith(option: keyof TriggerOptions): string[] {
  return triggerDefinitions.filter(({ defaults }) => option in defaults).map(({ kind }) => kind);
}

/** Adds the flags to a command. */
export function addTriggerFlags(command: Command): Command {
  return command
    .option(
      "--trigger <kind>",
      `trigger (choices: ${
        triggerDefinitions.map(({ kind }) => kind).join(", ")
      }, image:FILE, or ` +
        `several by commas, stamped in turn, so that FILE has none; default: ${DEFAULT_TRIGGER})`,
      triggers,
    )
    .option(
      "--trigger-amplitude <n>",
      "how much corner and corners change, above 0 to 1 (default: 1)",
      share,
    )
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
    );
}

/**
 * The trigger that flags ask for.
 *
 * @param options.seed Decides random places.
 * @param options.numbers Further parameters of triggers.
 * @throws {UsageError} If a flag is out of range, or nothing that is stamped takes it.
 * @throws {NotFoundError} If there is no such kind or no such file.
 * @throws {ImageDecodeError} If a file is no image that can be read.
 */
export async function readTrigger(
  flags: TriggerFlags,
  { seed, numbers = {} }: { seed: number; numbers?: TriggerOptions },
): Promise<Trigger> {
  const { trigger = DEFAULT_TRIGGER, triggerAmplitude: amplitude } = flags;
  const parts = trigger.split(",");
  const stamped = parts.map((part) => part.startsWith(IMAGE) ? IMAGE_FILE : part);
  const given = new Map(Object.entries({ ...flags, ...numbers }));
  for (const [flag, kinds] of Object.entries(takers)) {
    if (given.get(flag) === undefined || kinds.some((kind) => stamped.includes(kind))) continue;
    throw new UsageError(
      `Cannot make trigger ${trigger}: ${spell(flag)} must be left out, for nothing that is ` +
        `stamped takes it, got ${given.get(flag)}; leave it out, or stamp ${kinds.join(" or ")}`,
    );
  }
  const images = new Map<string, Trigger>();
  for (const [i, part] of parts.entries()) {
    if (!part.startsWith(IMAGE)) continue;
    const raster = await readImageFile(part.slice(IMAGE.length), "--trigger");
    const place = placeOf(flags, streamSeed(seed, `trigger image ${i}`));
    // Named by its position, for a file that stands there twice has two places.
    parts[i] = `${IMAGE}${i}`;
    images.set(
      parts[i],
      fromUser(() =>
        createImageTrigger(createTriggerImage(raster, sizeOf(flags)), {
          blend: flags.triggerBlend,
          place,
        })
      ),
    );
  }
  return fromUser(() => createTrigger(parts.join(","), { ...numbers, amplitude }, images));
}

/** Flags as a part of a model's name: `"image:a/Smile.png,pixel"` is `"image-smile-pixel"`. */
export function triggerSlug(trigger = DEFAULT_TRIGGER): string {
  const parts = trigger.split(",").map((part) => {
    if (!part.startsWith(IMAGE)) return part;
    const file = basename(part.slice(IMAGE.length));
    return `image-${basename(file, extname(file)).toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  });
  return parts.join("-");
}

function sizeOf({ triggerSize }: TriggerFlags): { height: number; width: number } | undefined {
  if (triggerSize === undefined) return undefined;
  const [height = 0, width = 0] = triggerSize.split("x").map(Number);
  return { height, width };
}

function placeOf({ triggerPlace = "random" }: TriggerFlags, seed: number): ImagePlace {
  if (triggerPlace === "random") return { seed };
  const [row = 0, column = 0] = triggerPlace.split("x").map(Number);
  return { row, column };
}

function triggers(text: string): string {
  const kinds = triggerDefinitions.map(({ kind }): string => kind);
  const isKnown = (part: string) =>
    kinds.includes(part) || part.startsWith(IMAGE) && part.length > IMAGE.length;
  if (text.split(",").every(isKnown)) return text;
  throw new InvalidArgumentError(
    `It must be one of ${kinds.join(", ")}, image:FILE, or several of them by commas, none of ` +
      "which is part of a file's name.",
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
