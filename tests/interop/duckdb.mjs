// SPDX-License-Identifier: GPL-3.0-or-later
// Runs SQL from standard input in DuckDB, in the current folder: node duckdb.mjs MODULES
//
// Prints the rows of the last statement, one JSON object a line. MODULES is the folder that scripts/setup
// puts the npm package into.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const { DuckDBInstance } = createRequire(path.join(process.argv[2], "x.js"))("@duckdb/node-api");
const connection = await (await DuckDBInstance.create(":memory:")).connect();
const result = await connection.runAndReadAll(readFileSync(0, "utf8"));
for (const row of result.getRowObjectsJson()) console.log(JSON.stringify(row));
