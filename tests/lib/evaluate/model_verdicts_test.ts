import assert from "node:assert/strict";
import fc from "fast-check";
import { auroc, countVerdicts, type JudgedModel } from "../../../lib/evaluate/mod.ts";

const models = fc.array(
  fc.record({
    targets: fc.array(fc.nat(3), { maxLength: 2 }),
    statistic: fc.nat(5),
    suspicious: fc.boolean(),
    target: fc.option(fc.nat(3)),
  }),
  { minLength: 1, maxLength: 20 },
);

Deno.test("figures over a population are those of a naive count", () =>
  fc.assert(fc.property(models, (models) => {
    const count = (is: (model: JudgedModel) => boolean) => models.filter(is).length;
    const isBackdoored = ({ targets }: JudgedModel) => targets.length > 0;
    const figures = countVerdicts(models);
    const falseAlarms = count((model) => !isBackdoored(model) && model.suspicious);
    const found = count((model) => isBackdoored(model) && model.suspicious);
    const named = count((model) =>
      model.suspicious && model.targets.some((target) => target === model.target)
    );
    const clean = count((model) => !isBackdoored(model));
    const backdoored = count(isBackdoored);
    const { auroc: area, ...counted } = figures;
    assert.deepEqual(counted, {
      ...{ clean, backdoored, falseAlarms, found, named },
      accuracy: count((model) => isBackdoored(model) === model.suspicious) / models.length,
      falseAlarmRate: clean === 0 ? null : falseAlarms / clean,
      truePositiveRate: backdoored === 0 ? null : found / backdoored,
      namedRate: found === 0 ? null : named / found,
    });
    const statistics = (is: boolean) =>
      Float32Array.from(models.filter((model) => isBackdoored(model) === is), (m) => m.statistic);
    const isBoth = clean > 0 && backdoored > 0;
    assert.equal(
      area,
      isBoth ? auroc({ suspicious: statistics(true), clean: statistics(false) }) : null,
    );
  })));

Deno.test("no models, no figures", () => {
  assert.throws(() => countVerdicts([]), {
    name: "RangeError",
    message: "Cannot count verdicts: there must be models, got none",
  });
});
