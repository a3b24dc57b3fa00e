// Reads a ZIP file by its central directory (APPNOTE 4.3), apart from what wrote it.
import { inflateRawSync } from "node:zlib";

/** The text of each file, by its name. Throws if it is cut short. */
export function unzip(zip: Buffer): Map<string, string> {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0) throw new Error("This is no whole ZIP file");
  const files = new Map<string, string>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packed, local] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)];
    const [name, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(begin, begin + packed);
    const text = (method === 8 ? inflateRawSync(content) : content).toString("utf8");
    files.set(zip.toString("utf8", at + 46, at + 46 + name), text);
    at += 46 + name + extra + comment;
  }
  return files;
}
