// node main.mjs MODULES CHROMIUM: takes one sample after the other, a line of JSON each on its input, and says what came
// of it: `value`, `answer`, `browser` and `failed` lines of words between tabs, then `end`. `src/bench/driver.rs` hands
// them out and reads the answers. How a sample is taken is in `tasks.mjs`.

import path from "node:path";
import { createInterface } from "node:readline";
import { Browser } from "./browser.mjs";
import { tasks } from "./tasks.mjs";

const [modules, chromium] = process.argv.slice(2);
// Nobody listens any more: the browser ends with us.
process.stdout.on("error", () => process.exit(1));
const say = (...words) => process.stdout.write(`${words.join("\t")}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  try {
    const { values, answers, browser } = await tasks[request.task](request, (options) =>
      Browser.start(path.resolve(modules), chromium, options),
    );
    say("browser", browser);
    for (const [metric, value] of Object.entries(values)) say("value", metric, value);
    for (const { rows, hash } of answers) say("answer", rows, hash);
  } catch (error) {
    say("failed", String(error.message ?? error).replaceAll("\t", " ").replaceAll(/\r?\n/g, "\u23ce"));
  }
  say("end");
}
