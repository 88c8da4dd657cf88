// crossfilter2: a dimension of time that is filtered, and one with a group for each view. It keeps the records as they
// were parsed, as its users do and as a page needs that lists those within the brush. Words are handed to it as small
// numbers, since it sorts every dimension.

import crossfilter from "crossfilter2";
import { streamed } from "../lines.mjs";
import { run } from "../peer.mjs";
import { BINS, binOf, Dictionary } from "../views.mjs";

let time;
let groups;
let words;
let all;

run({
  async load(source) {
    const parsed = [];
    await streamed(source, (record) => {
      record.time = Date.parse(record.time);
      parsed.push(record);
    });
    const dictionary = () => new Dictionary();
    const [agents, services, levels, tiers, kinds] = Array.from({ length: 5 }, dictionary);
    for (const record of parsed) {
      agents.code(record.agent.uid);
      services.code(record.action.service);
      levels.code(record.action.access_level);
    }
    const [across, deep] = [services.words.length, levels.words.length];
    let [first, last] = [Infinity, -Infinity];
    for (const record of parsed) [first, last] = [Math.min(first, record.time), Math.max(last, record.time)];
    const bin = (record) => binOf(record.time, first, last);
    const cell = ({ agent, action }) =>
      (agents.code(agent.uid) * across + services.code(action.service)) * deep + levels.code(action.access_level);

    const index = crossfilter(parsed);
    const group = (of) => index.dimension(of).group();
    time = index.dimension((record) => record.time);
    groups = {
      cells: group(cell),
      bins: group(bin),
      agent: group((record) => agents.code(record.agent.uid)),
      service: group((record) => services.code(record.action.service)),
      tier: group((record) => tiers.code(record.risk.tier)),
      kind: group((record) => kinds.code(record.kind)),
    };
    words = {
      agent: agents.words,
      service: services.words,
      level: levels.words,
      tier: tiers.words,
      kind: kinds.words,
    };
    all = index.groupAll();
    return { rows: parsed.length };
  },

  ask(from, to) {
    if (from === null) time.filterAll();
    else time.filterRange([from, to]);
    const { agent, service, level, tier, kind } = words;
    return {
      rows: all.value(),
      words,
      cells: counts(groups.cells, agent.length * service.length * level.length),
      bins: counts(groups.bins, BINS),
      agent: counts(groups.agent, agent.length),
      service: counts(groups.service, service.length),
      tier: counts(groups.tier, tier.length),
      kind: counts(groups.kind, kind.length),
    };
  },
});

function counts(group, length) {
  const counts = new Uint32Array(length);
  for (const { key, value } of group.all()) counts[key] = value;
  return counts;
}
