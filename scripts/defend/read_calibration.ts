/**
 * Calibrations: files beside the bundled models, or where a flag says.
 *
 * @module
 */

import { absentAsNull } from "../../lib/core/absent_as_null.ts";
import { NotFoundError } from "../../lib/core/errors.ts";
import { reasonOf } from "../../lib/core/reason_of.ts";
import {
  type CalibratedKind,
  describeKind,
  parseCalibration,
  type PopulationCalibration,
  requireKind,
} from "../../lib/defence/mod.ts";
import type { ModelManifest } from "../../lib/registry/mod.ts";

/** Where those are that come with the project. */
const bundled = new URL("../../fixtures/calibrations/", import.meta.url);

/** The name of a kind's file. */
export function calibrationFile({ architecture, dataset, depth }: CalibratedKind): string {
  return `${dataset}-${architecture}${depth === null ? "" : `-${depth}`}.json`;
}

/** What models a model is to be compared with. */
export function kindOf({ architecture, training }: ModelManifest, dataset: string): CalibratedKind {
  return { architecture, dataset, depth: training?.depth ?? null };
}

/**
 * Reads the calibration for a kind of models.
 *
 * @param file Where; that of the project unless given.
 * @throws {NotFoundError} If there is none.
 * @throws {IntegrityError} If the file is none.
 * @throws {UsageError} If it is of another kind.
 */
export async function readCalibration(
  kind: CalibratedKind,
  file: string | undefined,
): Promise<PopulationCalibration> {
  const place = file ?? new URL(calibrationFile(kind), bundled);
  const text = await absentAsNull(Deno.readTextFile(place)).catch((error: Error) => {
    throw new NotFoundError(`Cannot read ${file}: ${reasonOf(error)}; give another --calibration`);
  });
  if (text === null) {
    const { architecture, dataset, depth } = kind;
    const flags = `--dataset ${dataset} --model ${architecture}` +
      (depth === null ? "" : ` --depth ${depth}`);
    throw new NotFoundError(
      file === undefined
        ? `Cannot judge the model: there is no calibration of ${describeKind(kind)}; make one by ` +
          `deno task defend calibrate ${flags} --out FILE, and give it by --calibration`
        : `Cannot read ${file}: there is no such file; give another --calibration`,
    );
  }
  const calibration = parseCalibration(text, file ?? calibrationFile(kind));
  requireKind(calibration, kind);
  return calibration;
}
