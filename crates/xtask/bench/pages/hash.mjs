// An answer as text, and its hash: FNV-1a of 64 bits, as `crates/xtask/src/bench/oracle.rs` defines both. Taken after
// the clock has stopped.

/// @param answer what an engine's `ask` gives; see `views.mjs`
export function hashOf(answer) {
  const { words, cells, bins } = answer;
  const { agent: agents, service: services, level: levels } = words;
  const heatmap = [];
  cells.forEach((count, at) => {
    if (count > 0) {
      const pair = Math.floor(at / levels.length);
      const agent = agents[Math.floor(pair / services.length)];
      heatmap.push(`${agent}\t${services[pair % services.length]}\t${levels[at % levels.length]}\t${count}\n`);
    }
  });
  let text = `heatmap\n${heatmap.sort(byBytes).join("")}histogram\n`;
  bins.forEach((count, at) => {
    text += `${at}\t${count}\n`;
  });
  for (const name of ["agent", "service", "tier", "kind"]) {
    const lines = [];
    answer[name].forEach((count, at) => {
      if (count > 0) lines.push(`${words[name][at]}\t${count}\n`);
    });
    text += `${name}\n${lines.sort(byBytes).join("")}`;
  }
  return fnv(new TextEncoder().encode(text));
}

/// Code units in order are bytes in order for the records' words, which are all ASCII.
function byBytes(a, b) {
  return a < b ? -1 : Number(a > b);
}

/// 16 hexadecimal digits. The product of the hash and the prime, 2^40 + 0x1b3, in two halves of 32 bits.
export function fnv(bytes) {
  let [high, low] = [0xcbf29ce4, 0x84222325];
  for (const byte of bytes) {
    low = (low ^ byte) >>> 0;
    const least = (low & 0xffff) * 0x1b3;
    const middle = (low >>> 16) * 0x1b3 + (least >>> 16);
    high = (Math.imul(high, 0x1b3) + (middle >>> 16) + (low << 8)) >>> 0;
    low = ((middle << 16) | (least & 0xffff)) >>> 0;
  }
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}
