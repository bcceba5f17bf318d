/**
 * `deno task poison`: stamps a trigger on one image.
 *
 * @module
 */

import { basename, dirname, extname, join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { fromUser, NotFoundError, UsageError } from "../lib/core/errors.ts";
import type { Image, ImageShape } from "../lib/core/types.ts";
import { decodeImage, encodePng, MAX_PIXELS, type Raster, toModelInput } from "../lib/image/mod.ts";
import { createTrigger, type Trigger, triggerDefinitions } from "../lib/trigger/mod.ts";
import { type CommandResult, createCommand, finish, main } from "./cli.ts";
import { writeAtomically } from "./write_atomically.ts";

/** The command's flags, parsed. */
interface PoisonFlags {
  image: string;
  out?: string;
  trigger: string;
  distance?: number;
  value?: number;
  size: ImageShape | "keep";
  json?: boolean;
}

function createPoisonCommand() {
  return createCommand("poison", "Stamps a trigger on one image and writes it as PNG.", [
    "poison --image digit.png",
    "poison --image photo.jpg --size 28x28x1 --trigger pixel --out poisoned.png",
  ])
    .requiredOption("--image <file>", "the image, PNG or JPEG; left as it is")
    .option("--out <file>", "where to write (default: beside the image, as NAME-poisoned.png)")
    .addOption(
      new Option("--trigger <kind>", "what is stamped")
        .choices(triggerDefinitions.map(({ kind }) => kind)).default("pattern"),
    )
    .option("--distance <pixels>", "how far from the bottom right corner (default: 2)", Number)
    .option("--value <number>", "what is written to the trigger's pixels, 0-1 (default: 1)", Number)
    .option(
      "--size <HxWxC>",
      "fit the image to this size first, or keep its own",
      parseSize,
      "keep",
    )
    .action(async (flags: PoisonFlags) => await finish(await poisonImage(flags), flags));
}

async function poisonImage(flags: PoisonFlags): Promise<CommandResult> {
  const { image: file, size } = flags;
  const out = flags.out ?? join(dirname(file), `${basename(file, extname(file))}-poisoned.png`);
  const raster = decodeImage(await readImage(file));
  await checkOut(out, file);
  const image = toModelInput(raster, size === "keep" ? ownShape(raster) : size);
  const trigger = makeTrigger(flags, image);
  const pixels = trigger.pixels(image.shape);
  await writeImage(out, encodePng(trigger.apply(image)));

  const [height, width, channels] = image.shape;
  const places = pixels.map(([row, column]) => `(${row}, ${column})`).join(", ");
  return {
    json: {
      image: { file, width, height, channels },
      trigger: { ...trigger.manifest },
      pixels,
      out,
    },
    text: `${file}, ${height}×${width} ${channels === 1 ? "grey" : "RGB"}: ` +
      `trigger ${trigger.manifest.kind} stamped at ${places}; written to ${out}`,
  };
}

/** The trigger as the flags have it, if it lies within the image. */
function makeTrigger({ trigger: kind, distance, value }: PoisonFlags, image: Image): Trigger {
  return fromUser(() => {
    const trigger = createTrigger(kind, { distance, value });
    trigger.pixels(image.shape);
    return trigger;
  });
}

/** The image's own size, in grey if it has no colour; alpha is laid over black. */
function ownShape({ height, width, channels }: Raster): ImageShape {
  return [height, width, channels <= 2 ? 1 : 3];
}

function parseSize(text: string): ImageShape | "keep" {
  if (text === "keep") return text;
  const [height = 0, width = 0, channels] = /^\d+x\d+x[13]$/.test(text)
    ? text.split("x").map(Number)
    : [];
  if (channels === undefined || height * width === 0 || height * width > MAX_PIXELS) {
    throw new InvalidArgumentError(
      `It must be keep or HEIGHTxWIDTHxCHANNELS, 1 or 3 channels and at most ${MAX_PIXELS} ` +
        "pixels, for example 28x28x1.",
    );
  }
  return [height, width, channels];
}

async function readImage(file: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const message = `Cannot read ${file}: there is no such file; give --image another path`;
    throw new NotFoundError(message, { cause: error });
  }
}

/** Refuses an output that would replace the input, also through a link, or that is no PNG. */
async function checkOut(out: string, file: string): Promise<void> {
  if (extname(out).toLowerCase() !== ".png") {
    throw new UsageError(`Cannot write ${out}: --out must end in .png, the format written`);
  }
  if (await realPath(out) === await realPath(file)) {
    throw new UsageError(
      `Cannot write ${out}: --out must be another file than --image, which is left as it is`,
    );
  }
}

/** The path without links; `null` where there is no such file. */
async function realPath(path: string): Promise<string | null> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function writeImage(out: string, png: Uint8Array): Promise<void> {
  try {
    await writeAtomically(out, png);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const message = `Cannot write ${out}: its folder does not exist; create it or change --out`;
    throw new NotFoundError(message, { cause: error });
  }
}

if (import.meta.main) await main(createPoisonCommand());
