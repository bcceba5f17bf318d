/** Changes of the last layer, by their definitions. */

import assert from "node:assert/strict";
import { createRandom, normal } from "../../../../lib/core/random.ts";
import { type Head, logitsOf, readHead } from "../../../../lib/defence/repair/head.ts";
import { projectHead } from "../../../../lib/defence/repair/project_head.ts";
import { refitHead } from "../../../../lib/defence/repair/refit_head.ts";
import { createSmallNetwork } from "../small_network.ts";
import { drawImages } from "../synthetic.ts";

const [WIDTH, CLASSES, ROWS] = [6, 4, 200];

function draw(count: number, seed: number): Float32Array<ArrayBuffer> {
  const random = createRandom(seed, "values");
  return Float32Array.from({ length: count }, () => normal(random));
}

const head: Head = { kernel: draw(WIDTH * CLASSES, 1), bias: draw(CLASSES, 2) };
/** Units of very different spread. */
const clean = draw(ROWS * WIDTH, 3).map((value, i) => Math.abs(value) * (1 + 5 * (i % WIDTH)));
const direction = Float64Array.from(draw(WIDTH, 4));

function moved(by: number): Float32Array {
  return clean.map((value, i) => value + by * direction[i % WIDTH]!);
}

/** Mean square of the difference of two layers' logits. */
function distance(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, i) => sum + (value - other[i]!) ** 2, 0) / one.length;
}

Deno.test("the logits of a model's last layer are the model's", async () => {
  const model = createSmallNetwork({ backdoor: true });
  const { images } = drawImages(20, 1);
  const expected = await model.logits(images);
  logitsOf(readHead(model), await model.activations(images))
    .forEach((logit, i) => assert.ok(Math.abs(logit - expected[i]!) < 1e-4));
});

Deno.test("a projected layer does not see its direction, however far features are moved along it", () => {
  const projected = projectHead(head, { clean, direction });
  const still = logitsOf(projected, clean);
  for (const by of [-3, 0.5, 20]) assert.ok(distance(logitsOf(projected, moved(by)), still) < 1e-6);
  assert.ok(distance(logitsOf(head, moved(20)), logitsOf(head, clean)) > 1);
});

Deno.test("the mean of clean features is read as before", () => {
  const mean = new Float32Array(WIDTH);
  clean.forEach((value, i) => mean[i % WIDTH]! += value / ROWS);
  const projected = projectHead(head, { clean, direction });
  assert.ok(distance(logitsOf(projected, mean), logitsOf(head, mean)) < 1e-8);
});

Deno.test("the covariance makes a projection move clean features less than the plain one does", () => {
  const before = logitsOf(head, clean);
  const whitened = distance(logitsOf(projectHead(head, { clean, direction }), clean), before);
  // Of features without a covariance, the nearest projection is the orthogonal one.
  const square = direction.reduce((sum, value) => sum + value * value, 0);
  const mean = new Float64Array(WIDTH);
  clean.forEach((value, i) => mean[i % WIDTH]! += value / ROWS);
  const plain = clean.map((value, i) => {
    const row = i - i % WIDTH;
    let along = 0;
    for (let k = 0; k < WIDTH; k++) along += (clean[row + k]! - mean[k]!) * direction[k]!;
    return value - along * direction[i % WIDTH]! / square;
  });
  assert.ok(whitened < distance(logitsOf(head, plain), before));
});

Deno.test("a direction of length zero, and features that are all zero, are refused", () => {
  assert.throws(() => projectHead(head, { clean, direction: new Float64Array(WIDTH) }), {
    name: "RangeError",
    message: /^Cannot project a layer: the trigger must move the last hidden layer, got no/,
  });
  const dead = new Float32Array(ROWS * WIDTH);
  assert.throws(() => projectHead(head, { clean: dead, direction }), RangeError);
});

Deno.test("a refitted layer says of moved features what the old one said of clean ones, nearly", () => {
  const stamped = moved(4);
  const refitted = refitHead(head, { clean, stamped });
  const wanted = logitsOf(head, clean);
  const before = distance(logitsOf(head, stamped), wanted);
  assert.ok(distance(logitsOf(refitted, stamped), wanted) < 0.2 * before);
  assert.ok(distance(logitsOf(refitted, clean), wanted) < 0.2 * before);
});

Deno.test("a refitted layer is the best one: any other is worse by the sum that it minimises", () => {
  const stamped = moved(2).map((value, i) => value + (i % 7) / 10);
  const wanted = logitsOf(head, clean);
  let squares = 0;
  for (const value of [...clean, ...stamped]) squares += value * value;
  const ridge = 0.01 * squares / WIDTH;
  const objective = ({ kernel, bias }: Head) => {
    const loss = [clean, stamped].reduce(
      (sum, features) =>
        sum + wanted.length * distance(logitsOf({ kernel, bias }, features), wanted),
      0,
    );
    return loss + ridge * kernel.reduce((sum, value, i) => sum + (value - head.kernel[i]!) ** 2, 0);
  };
  const refitted = refitHead(head, { clean, stamped });
  const least = objective(refitted);
  for (let i = 0; i < WIDTH * CLASSES; i++) {
    for (const by of [-0.02, 0.02]) {
      const kernel = refitted.kernel.slice();
      kernel[i]! += by;
      assert.ok(objective({ ...refitted, kernel }) > least);
    }
  }
  for (let c = 0; c < CLASSES; c++) {
    for (const by of [-0.02, 0.02]) {
      const bias = refitted.bias.slice();
      bias[c]! += by;
      assert.ok(objective({ ...refitted, bias }) > least);
    }
  }
});

Deno.test("without a trigger's effect, a refitted layer is the old one", () => {
  const { kernel, bias } = refitHead(head, { clean, stamped: clean });
  assert.deepEqual({ kernel, bias }, head);
});

Deno.test("a softmax behind the last layer is passed over", () => {
  const model = createSmallNetwork({ backdoor: false });
  const expected = readHead(model);
  model.layers.push({ name: "softmax", className: "Activation", weights: {} });
  assert.deepEqual(readHead(model), expected);
});

for (
  const { last, what } of [
    { last: { name: "sum", className: "Add", weights: {} }, what: "a layer of class Add" },
    {
      last: { name: "last", className: "Dense", weights: { kernel: [5, 5] } },
      what: "one without",
    },
  ]
) {
  Deno.test(`a model whose last layer is ${what} is refused`, () => {
    const model = createSmallNetwork({ backdoor: false });
    model.layers.push(last);
    assert.throws(() => readHead(model), {
      name: "RangeError",
      message: "Cannot change a model's last layer: it must be dense, with a bias, got " +
        `${what}; take another repair`,
    });
  });
}
