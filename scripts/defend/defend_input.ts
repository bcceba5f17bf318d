/**
 * `deno task defend input`: would an image be refused?
 *
 * @module
 */

import { readImageFile } from "../cli/read_image_file.ts";
import { has, inputDefences, inputModelOf } from "../../lib/defence/mod.ts";
import { toModelInput } from "../../lib/image/mod.ts";
import {
  describeInputVerdict,
  describeTogether,
  type InputVerdict,
  loadDefenderData,
  openSuspect,
  screenInput,
} from "../../lib/job/mod.ts";
import { parseAddress } from "../../lib/registry/mod.ts";
import type { CommandResult } from "../cli/cli.ts";
import { drawHistogram, enlarge, writePictures } from "./pictures.ts";
import { chooseMethods, datasetOf, type MethodFlags, type Room } from "./room.ts";

/** Flags of `defend input`. */
export interface InputFlags extends MethodFlags {
  readonly model: string;
  readonly rate: number;
  readonly invert?: boolean;
  readonly out?: string;
}

/**
 * Screens an image by each method that is asked for. It is refused if a defence refuses it; what a null
 * model says is told beside.
 *
 * @throws {NotFoundError} If there is no such image or model.
 * @throws {UsageError} If no data set is known, or the clean images are too few.
 */
export async function defendInput(
  file: string,
  { model, method, clean: count, dataset, rate, invert, out }: InputFlags,
  { models, require, seed, workers, context }: Room,
): Promise<CommandResult> {
  const manifest = await require(parseAddress(model), "screen inputs of");
  const raster = await readImageFile(file, "IMAGE", { luma: manifest.input[2] === 1 });
  const image = toModelInput(raster, manifest.input, { invert });
  const { clean } = await loadDefenderData(
    datasetOf(manifest, dataset),
    { clean: count, seed },
    context,
  );
  using suspect = await openSuspect(models, { manifest, workers }, context);
  const inputModel = inputModelOf(suspect.engine);
  const defences = chooseMethods(inputDefences, {
    ...{ method, context },
    isSuited: ({ needs }) => needs.every((need) => has(inputModel, need)),
  });
  const verdicts: InputVerdict[] = [];
  for (const defence of defences) {
    verdicts.push(
      await screenInput(inputModel, image, { defence, clean: clean.images, rate, seed, context }),
    );
  }
  const judges = verdicts.filter(({ isNullModel }) => !isNullModel);
  const refused = (judges.length > 0 ? judges : verdicts).some((verdict) => verdict.refused);
  const pictures = out === undefined ? [] : await writePictures(out, {
    input: enlarge(image),
    ...Object.fromEntries(verdicts.map(({ method, scores, threshold, score }) => [
      `scores-${method}`,
      drawHistogram(scores, { threshold, judged: score }),
    ])),
  });
  const { name, version } = manifest;
  return {
    json: {
      ...{ image: file, model: name, version, clean: count, seed, refused },
      scores: verdicts.map(({ scores: _drawn, title: _title, ...verdict }) => verdict),
      pictures,
    },
    text: [
      `${file}, for ${name}, version ${version}: ${refused ? "refused" : "accepted"}`,
      "",
      ...verdicts.map(describeInputVerdict),
      ...judges.length > 1 ? [describeTogether(judges.map(() => rate), "images")] : [],
      ...pictures.length === 0 ? [] : ["", `pictures: ${pictures.join(", ")}`],
    ].join("\n"),
  };
}
