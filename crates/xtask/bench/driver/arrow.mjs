// node arrow.mjs MODULES NDJSON OUT: the records as an Arrow file of one batch: words in dictionaries, times as
// timestamps, everything that is different in each record as text. Every field of the NDJSON is a column.

import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";

const [modules, ndjson, out] = process.argv.slice(2);
const arrow = createRequire(path.join(path.resolve(modules), "x"))("apache-arrow");

/// Columns by their path in the record.
const WORDS = [
  "action.access_level",
  "action.operation",
  "action.service",
  "agent.name",
  "agent.uid",
  "kind",
  "outcome.status",
  "resources.0.account",
  "resources.0.environment",
  "resources.0.region",
  "risk.tier",
];
const TEXTS = ["change_id", "resources.0.uid", "uid"];
const NUMBERS = { sequence: Float64Array, version: Uint32Array };

const words = WORDS.map((name) => ({ keys: name.split("."), codes: new Map(), column: [] }));
const texts = TEXTS.map((name) => ({ keys: name.split("."), builder: arrow.makeBuilder({ type: new arrow.Utf8() }) }));
const numbers = Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, []]));
const times = [];
const at = (record, keys) => keys.reduce((value, key) => value[key], record);

for await (const line of createInterface({ input: createReadStream(ndjson) })) {
  const record = JSON.parse(line);
  if (record.trailer) continue;
  for (const { keys, codes, column } of words) {
    const word = at(record, keys);
    if (!codes.has(word)) codes.set(word, codes.size);
    column.push(codes.get(word));
  }
  for (const { keys, builder } of texts) builder.append(at(record, keys));
  for (const name in numbers) numbers[name].push(record[name]);
  times.push(BigInt(Date.parse(record.time)));
}

const columns = {};
WORDS.forEach((name, place) => {
  const { codes, column } = words[place];
  const [width, Codes] = codes.size > 256 ? [arrow.Uint16, Uint16Array] : [arrow.Uint8, Uint8Array];
  columns[name] = arrow.makeVector({
    type: new arrow.Dictionary(new arrow.Utf8(), new width()),
    data: Codes.from(column),
    dictionary: arrow.vectorFromArray([...codes.keys()], new arrow.Utf8()),
  });
});
TEXTS.forEach((name, place) => {
  columns[name] = texts[place].builder.finish().toVector();
});
for (const [name, array] of Object.entries(NUMBERS)) columns[name] = arrow.makeVector(array.from(numbers[name]));
columns.time = arrow.makeVector({
  type: new arrow.TimestampMillisecond(),
  data: BigInt64Array.from(times),
});
await writeFile(out, arrow.tableToIPC(new arrow.Table(columns), "file"));
