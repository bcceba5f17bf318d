import assert from "node:assert/strict";
import { crc32, inflateRawSync } from "node:zlib";
import { toNpy } from "../../../lib/data/npy.ts";
import { toNpz } from "../../../lib/data/npz.ts";

/** Reads an archive by its central directory (PKWARE's APPNOTE, sections 4.3.7, 4.3.12, 4.3.16). */
function unzip(archive: Uint8Array): Record<string, Uint8Array> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.length);
  const end = archive.length - 22;
  assert.equal(view.getUint32(end, true), 0x06054b50, "the end record is the last 22 bytes");
  const files: Record<string, Uint8Array> = {};
  let entry = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    assert.equal(view.getUint32(entry, true), 0x02014b50);
    assert.equal(view.getUint16(entry + 10, true), 8, "deflated");
    const [crc, size] = [view.getUint32(entry + 16, true), view.getUint32(entry + 20, true)];
    const nameLength = view.getUint16(entry + 28, true);
    const name = new TextDecoder().decode(archive.subarray(entry + 46, entry + 46 + nameLength));
    const local = view.getUint32(entry + 42, true);
    assert.equal(view.getUint32(local, true), 0x04034b50);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const contents = inflateRawSync(archive.subarray(start, start + size));
    assert.equal(crc32(contents), crc);
    files[name] = new Uint8Array(contents);
    entry += 46 + nameLength + view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true);
  }
  return files;
}

const files = {
  "x_train.npy": toNpy(Uint8Array.from({ length: 600 }, (_, i) => i % 7), [6, 10, 10, 1]),
  "y_train.npy": toNpy(Uint8Array.of(3, 1, 4, 1, 5, 9), [6]),
  "notes.txt": new TextEncoder().encode("none"),
};

Deno.test("an archive holds its files, deflated, under their names", () => {
  assert.deepEqual(unzip(toNpz(files)), files);
});

Deno.test("the same files give the same archive, whenever it is made", () => {
  const now = Date.now;
  const archive = toNpz(files);
  try {
    Date.now = () => now() + 86_400_000;
    assert.deepEqual(toNpz(files), archive);
  } finally {
    Date.now = now;
  }
});
