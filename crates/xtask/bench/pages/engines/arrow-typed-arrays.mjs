// Arrow's own format: columns as they lie in the file, looked at as typed arrays, and the same loops over them as by
// hand. Every field of the records is a column of the file; `driver/arrow.mjs` writes it.

import { tableFromIPC } from "apache-arrow";
import { run } from "../peer.mjs";
import { Columns } from "../views.mjs";

let columns;

run({
  async load(source) {
    const table = tableFromIPC(new Uint8Array(await (await fetch(source)).arrayBuffer()));
    const column = (name) => {
      const { data } = table.getChild(name);
      if (data.length !== 1) throw new Error(`${name} is in ${data.length} pieces`);
      return data[0];
    };
    const codes = (name) => column(name).values;
    const rows = table.numRows;
    const words = {};
    for (const [name, path] of [
      ["agent", "agent.uid"],
      ["service", "action.service"],
      ["level", "action.access_level"],
      ["tier", "risk.tier"],
      ["kind", "kind"],
    ]) {
      words[name] = [...column(path).dictionary];
    }
    const [services, levels] = [words.service.length, words.level.length];
    const [agent, service, level] = [codes("agent.uid"), codes("action.service"), codes("action.access_level")];
    const cells = new Uint16Array(rows);
    for (let at = 0; at < rows; at++) cells[at] = (agent[at] * services + service[at]) * levels + level[at];
    const triples = [];
    words.agent.forEach((_, a) =>
      words.service.forEach((_, s) => words.level.forEach((_, l) => triples.push([a, s, l]))),
    );
    const instants = codes("time");
    const times = new Float64Array(rows);
    for (let at = 0; at < rows; at++) times[at] = Number(instants[at]);
    columns = new Columns(words, { rows, times, cells, triples, tiers: codes("risk.tier"), kinds: codes("kind") });
    return { rows };
  },
  ask: (from, to) => columns.ask(from, to),
});
