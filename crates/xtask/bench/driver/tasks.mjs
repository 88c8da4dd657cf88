// The tasks, one sample of each: what is opened, what is done to it, what is measured. A request is what
// `src/bench/driver.rs` writes; the answer is {values, answers, browser}.

import { setTimeout as pause } from "node:timers/promises";
import { sample } from "./memory.mjs";

/// Seconds for all brushes, or for a scrolled table, on a machine that has other things to do.
const PATIENCE = 300;
/// Wheel events, one a frame of 60 Hz, and how far each goes, in CSS pixels.
const WHEELS = 240;
const STEP = 400;

export const tasks = {
  /// From the navigation to the frame with everything in it.
  load: (request, start) =>
    using(start, {}, async (browser) => {
      const { at, rows, hash } = await load(browser, request);
      const longest = await browser.page.evaluate(() => globalThis.bench.longest());
      const values = { time: at, longest_task: longest.task, longest_frame: longest.frame };
      return { values, answers: request.answers ? [{ rows, hash }] : [] };
    }),

  /// From each question to the frame with its answer in it. Frames do not wait for a screen here, which would round
  /// every time up to the next sixtieth of a second.
  brush: (request, start) =>
    using(start, { screen: false }, async (browser) => {
      const whole = await load(browser, request);
      const answers = await brush(browser, request);
      const times = answers.map(({ took }) => took);
      const values = { first: times[0], p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
      return { values, answers: [whole, ...answers] };
    }),

  /// The most that loading and brushing took, above what an empty page takes.
  memory: async (request, start) => {
    const { empty } = await using(start, {}, async (browser) => {
      const stop = sample(browser);
      await browser.within(request.limit, "the empty page", (page) => page.goto(request.blank));
      await pause(1_000);
      return { empty: await stop() };
    });
    return using(start, {}, async (browser) => {
      const stop = sample(browser);
      const whole = await load(browser, request);
      const answers = await brush(browser, request);
      return { values: { peak: (await stop()) - empty }, answers: [whole, ...answers] };
    });
  },

  /// Intervals of frames while the wheel turns over the table.
  scroll: (request, start) =>
    using(start, {}, async (browser) => {
      await load(browser, { ...request, answers: false });
      const intervals = await browser.within(PATIENCE, "scrolling", scroll);
      return { values: { p50: quantile(intervals, 0.5), p95: quantile(intervals, 0.95) }, answers: [] };
    }),

  /// Only loads: the server sees what is fetched.
  size: (request, start) =>
    using(start, {}, async (browser) => {
      await load(browser, request);
      return { values: {}, answers: [] };
    }),
};

async function using(start, options, work) {
  const browser = await start(options);
  try {
    return { ...(await work(browser)), browser: browser.version };
  } finally {
    await browser.close();
  }
}

function load(browser, { url, limit, answers }) {
  return browser.within(limit, "loading", async (page) => {
    await page.goto(url, { waitUntil: "domcontentloaded", timeout: limit * 1_000 });
    return page.evaluate((answers) => globalThis.bench.load(answers), answers);
  });
}

function brush(browser, { spans }) {
  return browser.within(PATIENCE, "brushing", (page) =>
    page.evaluate((spans) => globalThis.bench.brush(spans), spans),
  );
}

async function scroll(page) {
  const table = await page.waitForSelector("[data-scroll]");
  await page.waitForSelector("[data-scroll] [role=row]");
  const { x, y, width, height } = await table.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  const state = () =>
    table.evaluate((table) => {
      const rows = [...table.querySelectorAll("[role=row]")];
      const { top, bottom } = table.getBoundingClientRect();
      const seen = rows.map((row) => row.getBoundingClientRect()).filter((row) => row.bottom > top && row.top < bottom);
      const covered = seen.reduce((sum, row) => sum + row.height, 0);
      return { at: table.scrollTop, text: table.innerText, covered: covered / (bottom - top) };
    });
  const before = await state();
  await page.evaluate(() => globalThis.bench.frames());
  for (let wheel = 0; wheel < WHEELS; wheel++) {
    await Promise.all([page.mouse.wheel({ deltaY: STEP }), pause(1_000 / 60)]);
  }
  const intervals = await page.evaluate(() => globalThis.bench.stop());
  // A table that stands still or stays blank has the best frames of all.
  await pause(500);
  const after = await state();
  const moved = after.at - before.at;
  if (moved < (WHEELS * STEP) / 2) throw new Error(`the table moved by ${moved} px of ${WHEELS * STEP}`);
  if (after.text === before.text) throw new Error("the table shows the same rows as before");
  if (after.covered < 0.8) throw new Error(`rows cover ${Math.round(after.covered * 100)} % of the table`);
  return intervals;
}

/// The smallest that at least this part of all do not exceed.
function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
}
