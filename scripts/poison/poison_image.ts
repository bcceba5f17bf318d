/**
 * `deno task poison --image`: stamps a trigger on one image.
 *
 * @module
 */

import { basename, dirname, extname, join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { absentAsNull } from "../../lib/core/absent_as_null.ts";
import { fromUser, UsageError } from "../../lib/core/errors.ts";
import type { Image, ImageShape } from "../../lib/core/types.ts";
import { encodePng, MAX_PIXELS, type Raster, toModelInput } from "../../lib/image/mod.ts";
import { type Trigger, triggerName } from "../../lib/trigger/mod.ts";
import { defaults, resolveTrigger, spellFlag } from "../../lib/job/mod.ts";
import { between, integer } from "../cli/arguments.ts";
import type { CommandResult } from "../cli/cli.ts";
import { readImageFile } from "../cli/read_image_file.ts";
import { requireFilePlace, requireParent } from "../cli/require_place.ts";
import { type TriggerFlags, triggerRequest } from "../options/trigger_options.ts";
import { writeAtomically } from "../../lib/core/write_atomically.ts";

/** Most places that are printed one by one. */
const MOST_PLACES = 9;

/** The flags that have a meaning for an image alone; `undefined` where they were not given. */
export interface ImageFlags {
  readonly image?: string;
  readonly distance?: number;
  readonly value?: number;
  readonly size?: ImageShape | "keep";
  readonly invert?: boolean;
}

/** What is done to which image; `seed` decides random places. */
export interface ImageJob extends Omit<ImageFlags, "image">, TriggerFlags {
  readonly image: string;
  readonly out?: string;
  /** Whether a file that stands there is replaced. */
  readonly force?: boolean;
  readonly seed?: number;
}

/** Adds the flags that have a meaning for an image alone to a command. */
export function addImageFlags(command: Command): Command {
  return command
    .option("--image <file>", "the image, PNG or JPEG; left as it is")
    .option(
      "--distance <pixels>",
      "how far from the bottom right corner (default: 2)",
      integer(0, 100_000),
    )
    .option(
      "--value <number>",
      "what is written to the trigger's pixels, 0-1 (default: 1)",
      between(0, 1),
    )
    .option(
      "--size <HxWxC>",
      "fit the image to this size first, or keep its own (default: keep)",
      parseSize,
    )
    .option("--invert", "turn light into dark first, for dark ink on light paper");
}

/**
 * Stamps a trigger on an image and writes it as PNG.
 *
 * @throws {UsageError} If the trigger does not lie within the image, or the output is no place.
 * @throws {NotFoundError} If there is no such image, or no such folder.
 * @throws {ImageDecodeError} If it is no image that can be read, or its transparency hides it.
 */
export async function poisonImage(job: ImageJob): Promise<CommandResult> {
  const { image: file, size = "keep", invert } = job;
  const out = job.out ?? join(dirname(file), `${basename(file, extname(file))}-poisoned.png`);
  const isGrey = size !== "keep" && size[2] === 1;
  const raster = await readImageFile(file, "--image", { luma: isGrey });
  await checkOut(out, job);
  const image = toModelInput(raster, size === "keep" ? ownShape(raster) : size, { invert });
  const trigger = await makeTrigger(job, image);
  const pixels = trigger.pixels(image.shape);
  await writeAtomically(out, encodePng(trigger.apply(image)));

  const [height, width, channels] = image.shape;
  const places = pixels.length > MOST_PLACES
    ? `${pixels.length} pixels`
    : pixels.map(([row, column]) => `(${row}, ${column})`).join(", ");
  return {
    json: {
      image: { file, width, height, channels },
      trigger: { ...trigger.manifest },
      pixels,
      out,
    },
    text: `${file}, ${height}×${width} ${channels === 1 ? "grey" : "RGB"}: ` +
      `trigger ${triggerName(trigger.manifest)} stamped at ${places}; written to ${out}`,
  };
}

/** The trigger as the job has it, if it lies within the image. */
async function makeTrigger(job: ImageJob, image: Image): Promise<Trigger> {
  const { seed = defaults.DEFAULT_SEED, distance, value } = job;
  const { trigger: asked = defaults.DEFAULT_TRIGGER, triggerNumbers } = await triggerRequest({
    ...job,
    ...distance !== undefined && { triggerDistance: distance },
    ...value !== undefined && { triggerValue: value },
  }, { seed });
  const trigger = resolveTrigger({ trigger: asked, triggerNumbers }, { spell });
  fromUser(() => trigger.pixels(image.shape));
  return trigger;
}

/** The image's own size, in grey if it has no colour; without alpha. */
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

/** Refuses an output that would replace the input, also through a link, that is no PNG, or nowhere. */
async function checkOut(
  out: string,
  { image: file, force = false }: Pick<ImageJob, "image" | "force">,
): Promise<void> {
  if (extname(out).toLowerCase() !== ".png") {
    throw new UsageError(
      `Cannot write ${out}: --out must end in .png, the format written, got "${basename(out)}"; ` +
        "change the ending",
    );
  }
  await requireParent(out);
  const isSame = await absentAsNull(Deno.realPath(out)) === await Deno.realPath(file);
  if (isSame) {
    throw new UsageError(
      `Cannot write ${out}: --out must be another file than --image, which is left as it is`,
    );
  }
  await requireFilePlace(out, { isNew: !force });
}

/** Two parameters have short flags here. */
function spell(option: string): string {
  const short = new Map([["triggerDistance", "--distance"], ["triggerValue", "--value"]]);
  return short.get(option) ?? spellFlag(option);
}
