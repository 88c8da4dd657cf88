// By hand: codes and times of the parsed records into typed arrays, and loops over them. It keeps only the columns that
// the views count. Which way the records are parsed is the engine's.

import { Columns, Dictionary } from "./views.mjs";

/// @param records gives a function every record of a source
export function byHand(records) {
  let columns;
  return {
    load: async (source) => {
      columns = await read(records, source);
    },
    ask: (from, to) => columns.ask(from, to),
  };
}

async function read(records, source) {
  const dictionaries = Object.fromEntries(
    ["agent", "service", "level", "tier", "kind"].map((name) => [name, new Dictionary()]),
  );
  const { agent: agents, service: services, level: levels, tier, kind } = dictionaries;
  let times = new Float64Array(1 << 16);
  let cells = new Uint16Array(1 << 16);
  let tiers = new Uint8Array(1 << 16);
  let kinds = new Uint8Array(1 << 16);
  const numbers = new Map();
  const triples = [];
  let rows = 0;
  let sorted = true;
  await records(source, (record) => {
    if (rows === times.length) {
      [times, cells, tiers, kinds] = [times, cells, tiers, kinds].map(doubled);
    }
    const triple = [
      agents.code(record.agent.uid),
      services.code(record.action.service),
      levels.code(record.action.access_level),
    ];
    const key = (triple[0] * 4096 + triple[1]) * 64 + triple[2];
    let cell = numbers.get(key);
    if (cell === undefined) {
      cell = triples.push(triple) - 1;
      numbers.set(key, cell);
    }
    times[rows] = Date.parse(record.time);
    sorted &&= rows === 0 || times[rows - 1] <= times[rows];
    cells[rows] = cell;
    tiers[rows] = tier.code(record.risk.tier);
    kinds[rows] = kind.code(record.kind);
    rows++;
  });
  if (!sorted) throw new Error("the records are not in order of time, which this page counts on");
  if (triples.length > 65536) throw new Error("there are more cells than 16 bits can number");
  const words = Object.fromEntries(Object.entries(dictionaries).map(([name, { words }]) => [name, words]));
  return new Columns(words, { rows, times, cells, triples, tiers, kinds });
}

function doubled(array) {
  const longer = new array.constructor(array.length * 2);
  longer.set(array);
  return longer;
}
