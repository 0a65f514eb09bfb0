// SPDX-License-Identifier: GPL-3.0-or-later
// node gunzip.mjs FILE: its text, by way of Node's zlib stream.
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

await pipeline(createReadStream(process.argv[2]), createGunzip(), process.stdout);
