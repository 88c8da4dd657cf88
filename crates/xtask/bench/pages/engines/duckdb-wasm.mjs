// DuckDB in its worker: the records as its JSON reader takes them, then a table of small numbers that the views count,
// and one prepared statement for all views of a span. The reader takes an array of rows, no lines, so the line feeds
// become commas first; it is told which fields are wanted. Each view is a grouping of its own, which DuckDB counts twice
// as fast as grouping sets.

import * as duckdb from "@duckdb/duckdb-wasm";
import { run } from "../peer.mjs";
import { BINS, rolledUp } from "../views.mjs";

const DIST = "/node/@duckdb/duckdb-wasm/dist";
const text = (name) => ({ name, sqlType: "utf8", nullable: true });
const struct = (name, ...fields) => ({ name, sqlType: "struct", nullable: true, fields: fields.map(text) });
const WANTED = [
  text("time"),
  text("kind"),
  struct("agent", "uid"),
  struct("action", "service", "access_level"),
  struct("risk", "tier"),
];
/// Categories and where their words stand.
const CATEGORIES = {
  agent: "agent.uid",
  service: "action.service",
  level: "action.access_level",
  tier: "risk.tier",
  kind: "kind",
};

const words = {};
let statement;
let range;

run({
  async load(source) {
    const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(`${DIST}/duckdb-browser-eh.worker.js`));
    const [array] = await Promise.all([asArray(source), db.instantiate(`${DIST}/duckdb-eh.wasm`)]);
    await db.registerFileBuffer("records.json", array);
    const connection = await db.connect();
    await connection.insertJSONFromPath("records.json", { name: "records", shape: "row-array", columnsFlat: WANTED });
    await db.dropFile("records.json");
    const rowsOf = async (sql) => (await connection.query(sql)).toArray();
    for (const [name, column] of Object.entries(CATEGORIES)) {
      await connection.query(`CREATE TYPE words_of_${name} AS ENUM (SELECT DISTINCT ${column} FROM records)`);
      const listed = await rowsOf(`SELECT unnest(enum_range(NULL::words_of_${name})) AS word`);
      words[name] = listed.map(({ word }) => word);
    }
    const millis = "epoch_ms(time::TIMESTAMP)";
    const [{ first, last }] = await rowsOf(`SELECT min(${millis}) AS first, max(${millis}) AS last FROM records`);
    range = { first: Number(first), last: Number(last) };
    const code = (name) => `enum_code(${CATEGORIES[name]}::words_of_${name})::INTEGER`;
    await connection.query(`
      CREATE TABLE views AS SELECT
        ${millis} AS time,
        ((${code("agent")} * ${words.service.length} + ${code("service")}) * ${words.level.length} + ${code("level")})
          ::USMALLINT AS cell,
        ((${millis} - ${first}) * ${1_000 * BINS} // ${(range.last - range.first) * 1_000 + 1})::UTINYINT AS bin,
        ${code("tier")}::UTINYINT AS tier,
        ${code("kind")}::UTINYINT AS kind
      FROM records`);
    await connection.query("DROP TABLE records");
    const view = (number, column) =>
      `SELECT ${number}::INTEGER AS view, ${column}::INTEGER AS place, count(*)::INTEGER AS records
       FROM views WHERE time >= $1::BIGINT AND time < $2::BIGINT GROUP BY ${column}`;
    const views = ["cell", "bin", "tier", "kind"].map((name, number) => view(number, name));
    statement = await connection.prepare(views.join(" UNION ALL "));
  },

  async ask(from, to) {
    const result = await statement.query(from ?? range.first, to ?? range.last + 1);
    const cells = new Uint32Array(words.agent.length * words.service.length * words.level.length);
    const bins = new Uint32Array(BINS);
    const tier = new Uint32Array(words.tier.length);
    const kind = new Uint32Array(words.kind.length);
    const views = [cells, bins, tier, kind];
    for (const batch of result.batches) {
      const [view, place, records] = batch.data.children.map(({ values }) => values);
      for (let at = 0; at < batch.numRows; at++) views[view[at]][place[at]] = records[at];
    }
    return { ...rolledUp(words, cells), words, cells, bins, tier, kind };
  },
});

/// The body as one array of rows: each line feed a comma, and the trailer, which is the last line, the array's end.
async function asArray(source) {
  const response = await fetch(source);
  const array = new Uint8Array(Number(response.headers.get("content-length")) + 1);
  array[0] = "[".charCodeAt();
  const [lineFeed, comma] = ["\n".charCodeAt(), ",".charCodeAt()];
  const reader = response.body.getReader();
  let [end, last, beforeLast] = [1, 0, 0];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const { value } = part;
    for (let at = value.indexOf(lineFeed); at !== -1; at = value.indexOf(lineFeed, at + 1)) {
      value[at] = comma;
      [beforeLast, last] = [last, end + at];
    }
    array.set(value, end);
    end += value.length;
  }
  array[beforeLast] = "]".charCodeAt();
  return array.subarray(0, beforeLast + 1);
}
