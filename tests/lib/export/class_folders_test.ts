import assert from "node:assert/strict";
import { classFolders } from "../../../lib/export/class_folders.ts";

Deno.test("digits are folders of their own", () => {
  const digits = Array.from("0123456789");
  assert.deepEqual(classFolders(digits), digits);
});

Deno.test("names in alphabetical order stand alone, others behind their labels", () => {
  assert.deepEqual(classFolders(["ship", "truck"]), ["ship", "truck"]);
  assert.deepEqual(classFolders(["truck", "ship"]), ["0-truck", "1-ship"]);
  assert.deepEqual(classFolders(["a", "B"]), ["0-a", "1-B"], "in order to some systems alone");
  assert.deepEqual(classFolders(["A", "a"]), ["0-A", "1-a"], "the same folder to some systems");
});

Deno.test("labels of two digits are as wide as one another", () => {
  const names = Array.from({ length: 11 }, (_, label) => String(label));
  assert.deepEqual(classFolders(names), [
    ...["00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10"],
  ]);
});

Deno.test("a name is made safe for a file, and in every case sorts as its label does", () => {
  const labels = ["T-shirt/top", "../up", "Speed limit (50 km/h)", "Straße", "??", "con:aux"];
  const folders = classFolders(labels);
  assert.deepEqual(folders, [
    ...["0-T-shirt-top", "1-up", "2-Speed-limit-50-km-h", "3-Straße", "4", "5-con-aux"],
  ]);
  assert.deepEqual(folders.toSorted(), folders);
});
