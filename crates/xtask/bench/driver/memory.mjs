// The memory of the processes that run pages: proportional set size (Pss) of each, from Linux's smaps_rollup, which
// counts what several share in shares; the peak of their sum over samples.

import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

const EVERY = 50;

/// Samples until what it gives back is called, which says the peak in bytes.
export function sample(browser) {
  let going = true;
  const peak = (async () => {
    let [most, round, processes] = [0, 0, []];
    while (going) {
      const started = performance.now();
      // A navigation may be given another process.
      if (round % 4 === 0) processes = await browser.renderers();
      round++;
      const sizes = await Promise.all(processes.map(pss));
      most = Math.max(most, sizes.reduce((sum, size) => sum + size, 0));
      await pause(Math.max(5, EVERY - (performance.now() - started)));
    }
    if (most === 0) throw new Error("no process could be measured: is there a /proc/…/smaps_rollup to read?");
    return most;
  })();
  // What fails is told when it is asked for.
  peak.catch(() => {});
  return () => {
    going = false;
    return peak;
  };
}

/// In bytes; 0 for a process that has ended.
async function pss(id) {
  try {
    const text = await readFile(`/proc/${id}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB$/m.exec(text)[1]) * 1024;
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH") return 0;
    throw error;
  }
}
