// The parts of an answer that peers share: dictionaries, the timeline's bins, and counting over columns as one writes
// it by hand.
//
// An answer is {rows, words: {agent, service, level, tier, kind}, cells, bins, agent, service, tier, kind}: records;
// each category's words; counts by agent × service × level, by bin of the timeline, and by place of the word.

export const BINS = 180;

export class Dictionary {
  words = [];
  codes = new Map();

  code(word) {
    let code = this.codes.get(word);
    if (code === undefined) {
      code = this.words.length;
      this.codes.set(word, code);
      this.words.push(word);
    }
    return code;
  }
}

/// The bin of an instant, all in milliseconds. Bins are of equal width over the span from the first record's microsecond
/// to the one after the last's. The numerator is a whole number below 2^53, so that the quotient is on the right side of
/// every whole one.
export function binOf(time, first, last) {
  return Math.floor(((time - first) * 1_000 * BINS) / ((last - first) * 1_000 + 1));
}

/// The first millisecond of each bin, and the one after the last's.
function edges(first, last) {
  const width = (last - first) * 1_000 + 1;
  return Array.from({ length: BINS + 1 }, (_, at) => first + Math.ceil((width * at) / (BINS * 1_000)));
}

/// The counts that the cells' give: of all records, of agents, of services.
export function rolledUp(words, cells) {
  const [services, levels] = [words.service.length, words.level.length];
  const agent = new Uint32Array(words.agent.length);
  const service = new Uint32Array(services);
  let rows = 0;
  cells.forEach((count, place) => {
    rows += count;
    agent[Math.floor(place / (services * levels))] += count;
    service[Math.floor(place / levels) % services] += count;
  });
  return { rows, agent, service };
}

/// Columns in order of time, counted by loops.
export class Columns {
  /// @param words a list for each of agent, service, level, tier, kind
  /// @param rows how many
  /// @param times milliseconds
  /// @param cells for each record its place in `triples`
  /// @param triples agent, service and level of each cell, as codes
  /// @param tiers @param kinds codes
  constructor(words, { rows, times, cells, triples, tiers, kinds }) {
    Object.assign(this, { words, rows, times, cells, tiers, kinds });
    this.edges = edges(times[0], times[rows - 1]);
    const [services, levels] = [words.service.length, words.level.length];
    this.places = Uint32Array.from(triples, ([agent, service, level]) => (agent * services + service) * levels + level);
  }

  ask(from, to) {
    const [start, end] = [from === null ? 0 : this.place(from), to === null ? this.rows : this.place(to)];
    const byCell = new Uint32Array(this.places.length);
    const tier = new Uint32Array(this.words.tier.length);
    const kind = new Uint32Array(this.words.kind.length);
    const { cells, tiers, kinds } = this;
    for (let at = start; at < end; at++) {
      byCell[cells[at]]++;
      tier[tiers[at]]++;
      kind[kinds[at]]++;
    }
    // The records of a bin stand together, so that two places tell how many they are.
    const within = this.edges.map((edge) => Math.min(Math.max(this.place(edge), start), end));
    const bins = Uint32Array.from({ length: BINS }, (_, at) => within[at + 1] - within[at]);
    const spread = new Uint32Array(this.words.agent.length * this.words.service.length * this.words.level.length);
    byCell.forEach((count, cell) => {
      spread[this.places[cell]] = count;
    });
    return { ...rolledUp(this.words, spread), words: this.words, cells: spread, bins, tier, kind };
  }

  /// How many records are before an instant.
  place(time) {
    let [low, high] = [0, this.rows];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
