import assert from "node:assert/strict";
import fc from "fast-check";
import { UploadRoom } from "../../routes/upload_room.ts";

/** A room, and who had to go, by name. */
function openRoom(limits: { count: number; bytes: number }) {
  const room = new UploadRoom(limits);
  const gone: string[] = [];
  const open = (client: string, name: string) => room.open(client, () => gone.push(name));
  return { open, gone };
}

Deno.test("of too many bodies the oldest of the client that sends most has to go", () => {
  const { open, gone } = openRoom({ count: 4, bytes: 1000 });
  open("honest", "photograph");
  for (const name of ["a", "b", "c"]) open("slow", name);
  assert.deepEqual(gone, []);
  for (const name of ["d", "e", "f"]) open("slow", name);
  open("other", "digit");
  assert.deepEqual(gone, ["a", "b", "c", "d"]);
});

Deno.test("of too many bytes the oldest body of the client that holds most has to go", () => {
  const { open, gone } = openRoom({ count: 100, bytes: 100 });
  const digit = open("honest", "digit");
  digit.grow(10);
  open("slow", "nothing yet");
  for (const name of ["a", "b", "c"]) open("slow", name).grow(30);
  assert.deepEqual(gone, []);
  open("slow", "d").grow(30);
  assert.deepEqual(gone, ["a"]);
  open("third", "larger than all the rest").grow(101);
  assert.deepEqual(gone, ["a", "larger than all the rest"]);
});

Deno.test("bytes that requests still need count, and cannot be taken from them", () => {
  const { open, gone } = openRoom({ count: 100, bytes: 100 });
  const held = open("one", "held");
  held.grow(90);
  held.complete();
  open("two", "new").grow(20);
  assert.deepEqual(gone, ["new"]);
  held.close();
  held.close();
  open("two", "newer").grow(100);
  assert.deepEqual(gone, ["new"]);
});

Deno.test("whatever comes and goes, the bounds hold and nothing is counted twice", () => {
  const limits = { count: 5, bytes: 50 };
  const step = fc.record({
    kind: fc.constantFrom("open", "grow", "complete", "close"),
    which: fc.nat(9),
    bytes: fc.integer({ min: 1, max: 40 }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const room = new UploadRoom(limits);
    interface Body {
      readonly upload: ReturnType<UploadRoom["open"]>;
      bytes: number;
      state: "under way" | "complete" | "gone";
    }
    const bodies: Body[] = [];
    for (const { kind, which, bytes } of steps) {
      if (kind === "open") {
        const body: Partial<Body> = { bytes: 0, state: "under way" };
        bodies.push(body as Body);
        Object.assign(body, {
          upload: room.open(`client ${which % 3}`, () => body.state = "gone"),
        });
      }
      const body = bodies[which];
      if (body === undefined || body.state === "gone") continue;
      if (kind === "grow" && body.state === "under way") {
        body.bytes += bytes;
        body.upload.grow(bytes);
      } else if (kind === "complete") {
        body.state = "complete";
        body.upload.complete();
      } else if (kind === "close") {
        body.state = "gone";
        body.upload.close();
      }
      const here = bodies.filter(({ state }) => state !== "gone");
      assert.ok(here.filter(({ state }) => state === "under way").length <= limits.count);
      assert.ok(here.reduce((sum, { bytes }) => sum + bytes, 0) <= limits.bytes);
    }
    // The room is empty again: it takes one that fills it.
    for (const { upload, state } of bodies) if (state !== "gone") upload.close();
    room.open("last", () => assert.fail("there is room")).grow(limits.bytes);
  }));
});
