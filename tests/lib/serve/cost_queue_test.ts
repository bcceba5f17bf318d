import assert from "node:assert/strict";
import fc from "fast-check";
import { CostQueue } from "../../../lib/serve/cost_queue.ts";

interface Item {
  readonly id: number;
  readonly cost: number;
}

function takeAll(queue: CostQueue<Item>): Item[] {
  const items: Item[] = [];
  for (let item = queue.take(); item !== undefined; item = queue.take()) items.push(item);
  return items;
}

Deno.test("a queue gives the cheapest first, and equal ones in the order in which they came", () => {
  const queue = new CostQueue<Item>({ cost: 100, count: 100 });
  for (const [id, cost] of [5, 3, 5, 1, 3].entries()) queue.add({ id, cost });
  assert.equal(queue.first?.id, 3);
  assert.deepEqual(takeAll(queue).map(({ id }) => id), [3, 1, 4, 0, 2]);
  assert.equal(queue.first, undefined);
});

Deno.test("one that costs more than there is room for may wait alone, and goes for any other", () => {
  const queue = new CostQueue<Item>({ cost: 10, count: 3 });
  const giant = { id: 0, cost: 1000 };
  assert.deepEqual(queue.add(giant), []);
  assert.deepEqual(queue.add({ id: 1, cost: 1 }), [giant]);
  assert.deepEqual(queue.add(giant), [giant]);
  assert.deepEqual(queue.add({ id: 2, cost: 9 }), []);
});

Deno.test("one that is taken out makes room", () => {
  const queue = new CostQueue<Item>({ cost: 10, count: 1 });
  const item = { id: 0, cost: 1 };
  queue.add(item);
  assert.equal(queue.remove(item), true);
  assert.equal(queue.remove(item), false);
  assert.deepEqual(queue.add({ id: 1, cost: 2 }), []);
});

Deno.test("nothing is lost or doubled, the bounds hold, and small work stays", () => {
  const limits = { cost: 50, count: 8 };
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 }), (costs) => {
    const queue = new CostQueue<Item>(limits);
    const items = costs.map((cost, id) => ({ id, cost }));
    const gone = items.flatMap((item) => queue.add(item));
    const left = takeAll(queue);
    assert.deepEqual(
      [...gone, ...left].map(({ id }) => id).sort((a, b) => a - b),
      items.map(({ id }) => id),
    );
    assert.ok(left.length <= limits.count);
    assert.ok(left.length <= 1 || left.reduce((sum, { cost }) => sum + cost, 0) <= limits.cost);
    const largest = Math.max(...left.map(({ cost }) => cost));
    assert.ok(gone.every(({ cost }) => cost >= largest), "what went cost no less than what stayed");
  }));
});
