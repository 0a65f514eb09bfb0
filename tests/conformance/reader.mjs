// SPDX-License-Identifier: GPL-3.0-or-later
// A whole reader of journals, written from docs/journal-format.md alone: reader.mjs FILE [--session ID] [--blocks]
//
// Prints the records, all or one session's, which it finds without inflating blocks that have none of them; or the
// headers of the blocks that it inflates. Exits with 1 if anything is damaged.
import { readFileSync, writeSync } from "node:fs";
import { inspect } from "node:util";
import { inflateRawSync } from "node:zlib";

const MAGIC = Buffer.from([0x1f, 0x8b, 8, 4]);
const FIRST = 1;
const TEXT_MAX = (16 << 20) + 1, MEMBER_MAX = (16 << 20) + (144 << 10), FILTER_MAX = 4096, BEYOND = 1n << 64n;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte >>> 1 ^ (byte & 1 ? 0xedb88320 : 0);
  return byte;
});
const crc32 = (bytes) => (bytes.reduce((crc, byte) => crc >>> 8 ^ CRC_TABLE[(crc ^ byte) & 255], -1) ^ -1) >>> 0;

class Refused extends Error {}

function header(data, at) {
  if (!data.subarray(at, at + 4).equals(MAGIC)) throw new Error("no block begins here");
  const textAt = at + 12 + data.readUInt16LE(at + 10);
  let extra = data.subarray(at + 12, textAt);
  while (extra.toString("latin1", 0, 2) !== "EJ") extra = extra.subarray(4 + extra.readUInt16LE(2));
  const ej = extra.subarray(4, 4 + extra.readUInt16LE(2)), n = ej.readUInt16LE(60);
  if (ej.readUInt32LE(64 + n) !== crc32(ej.subarray(0, 64 + n))) throw new Error("this block's header is damaged");
  if (ej[0] !== 1) throw new Refused(`format version ${ej[0]}: a later reader reads it`);
  const block = { at, textAt, filter: ej.subarray(64, 64 + n), k: ej.readUInt16LE(62), flags: ej.readUInt16LE(2) };
  ["size", "textSize", "lines"].forEach((name, i) => { block[name] = ej.readUInt32LE(4 + 4 * i); });
  ["seq", "mono", "monoTo", "timestamp", "timestampTo"].forEach((name, i) => {
    block[name] = name === "seq" ? ej.readBigUInt64LE(16) : ej.readBigInt64LE(16 + 8 * i);
  });
  if (block.textSize > TEXT_MAX || block.size > MEMBER_MAX || at + block.size < textAt + 8 || n > FILTER_MAX)
    throw new Error("this block's sizes cannot be");
  return block;
}

function mayHave({ filter, k }, session) {
  let h = session;
  for (const [shift, factor] of [[30n, 0xbf58476d1ce4e5b9n], [27n, 0x94d049bb133111ebn], [31n, 1n]])
    h = (h ^ h >> shift) * factor % BEYOND;
  for (let i = 0n; i < k && filter.length; i++) {
    const bit = Number((h % (1n << 32n) + i * (h >> 32n | 1n)) % BEYOND % BigInt(8 * filter.length));
    if (!(filter[bit >> 3] & 1 << bit % 8)) return false;
  }
  return true;
}

function lines(data, { at, textAt, size, textSize }) {
  const packed = data.subarray(textAt, at + size - 8);
  const { buffer: text, engine } = inflateRawSync(packed, { maxOutputLength: textSize + 1, info: true });
  if (engine.bytesWritten !== packed.length || text.length !== textSize || text.at(-1) !== 10
      || data.readUInt32LE(at + size - 4) !== textSize || data.readUInt32LE(at + size - 8) !== crc32(text))
    throw new Error("this block is damaged, or not all there");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text).slice(0, -1).split("\n");
}

// A double does not hold every integer: here they are texts, {"seq":"int:812"}.
const integer = (value) => BigInt(/^int:(.*)/.exec(value)[1]);

function parse(line) {
  const token = /"(?:[^"\\]|\\.)*"|-?[\d.eE+-]+/g;
  const said = JSON.parse(line.replace(token, (found) => (/^-?\d+$/.test(found) ? `"int:${found}"` : found)));
  const kind = ["event", "state", "gap", "mark", "journal", "end"].find((each) => each in said);
  const body = kind ? said[kind] : {};
  if (Array.isArray(said) || typeof body !== "object") throw new Error("this block has a line that is no record");
  if (kind === "journal" && integer(body.version) !== 1n) throw new Refused("a later reader reads this version");
  if (kind === "journal" && !(body.id && body.started.wall && body.started.mono)) throw new Error("no whole first line");
  const isPlaced = ["event", "state", "gap", "mark"].includes(kind) || !kind && "seq" in said && "mono" in said;
  const behind = isPlaced && integer(said.seq) + (kind === "gap" ? integer(body.events) : 1n) + 0n * integer(said.mono);
  return { line, kind, body, behind: kind === "state" || !isPlaced ? 0n : behind };
}

const args = process.argv.slice(2), data = readFileSync(args[0]);
const session = args.includes("--session") ? BigInt(args[args.indexOf("--session") + 1]) : null;
const fault = (at, why) => { process.exitCode = 1; console.error(`byte ${at}: ${why}`); };
if (data.length === 0) fault(0, "this is no journal");
for (let at = 0, expected = -1n, isCut = false; at >= 0 && at < data.length;) {
  try {
    const block = header(data, at);
    const isWanted = session === null || block.flags !== 0 || mayHave(block, session);
    const records = isWanted ? lines(data, block).map(parse) : [{ behind: block.seq + BigInt(block.lines) }];
    const first = block.flags & FIRST ? records[0].body : null;
    if (!first && block.seq !== expected && expected !== BEYOND && !isCut) fault(at, "this block does not follow on the last");
    if (first) [expected, isCut] = ["previous" in first || "cut" in first ? BEYOND : 0n, "cut" in first];
    expected = records.map(({ behind }) => behind).reduce((most, each) => (each > most ? each : most), 0n) || expected;
    if (args.includes("--blocks") && isWanted) writeSync(1, `${inspect(block, { breakLength: Infinity })}\n`);
    else if (!args.includes("--blocks")) for (const { line, kind, body } of records) {
      const isOther = ["event", "state"].includes(kind) && session !== null && body.session_id !== `int:${session}`;
      if (kind && kind !== "journal" && !isOther) writeSync(1, `${line}\n`);
    }
    at += block.size;
  } catch (why) {
    fault(at, why.message);
    [at, expected] = [why instanceof Refused ? -1 : data.indexOf(MAGIC, at + 1), BEYOND];
  }
}
