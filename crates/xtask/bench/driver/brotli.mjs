// node brotli.mjs FILE: prints the file's bytes in brotli at its highest quality. DuckDB's take minutes.

import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_LGWIN: window } = constants;
const file = readFileSync(process.argv[2]);
console.log(brotliCompressSync(file, { params: { [quality]: 11, [window]: 22 } }).length);
