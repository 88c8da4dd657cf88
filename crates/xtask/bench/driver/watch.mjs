// What runs in the page before its own code: hears its User Timing marks and the browser's reports of long tasks, and
// brushes. The marks are the app's, `countersign:…`, and the peers', `peer:…`, of one form.

/// Runs in the page; nothing of this file's scope is there.
/// @param screen false to have frames as soon as the page's thread is free, its styles and layout done, instead of at
/// the screen's next sixtieth of a second
export function watch(screen) {
  if (!screen) {
    let waiting = new Map();
    let number = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const callbacks = waiting;
      waiting = new Map();
      document.documentElement?.getBoundingClientRect();
      for (const callback of callbacks.values()) callback(performance.now());
    };
    globalThis.requestAnimationFrame = (callback) => {
      if (waiting.size === 0) port2.postMessage(null);
      waiting.set(++number, callback);
      return number;
    };
    globalThis.cancelAnimationFrame = (id) => waiting.delete(id);
  }

  const painted = [];
  const waiting = new Set();
  const tasks = [];
  let loaded;
  let failed;

  const hear = (list) => {
    for (const { entryType, name, detail, startTime, duration } of list.getEntries()) {
      const mark = entryType === "mark" && /^(?:countersign|peer):(\w+)$/.exec(name)?.[1];
      if (mark === "painted") painted.push({ at: startTime, ...detail });
      else if (mark === "loaded") loaded = { at: startTime, ...detail };
      else if (mark === "failed") failed = detail.reason;
      else if (!mark) tasks.push({ type: entryType, startTime, duration });
    }
    for (const wait of waiting) wait();
  };
  for (const type of ["mark", "longtask", "long-animation-frame"]) {
    new PerformanceObserver(hear).observe({ type, buffered: true });
  }

  /// What `find` finds, as soon as it does.
  const until = (find) =>
    new Promise((resolve, reject) => {
      const wait = () => {
        const found = find();
        if (!found && failed === undefined) return;
        waiting.delete(wait);
        if (found) resolve(found);
        else reject(new Error(`the page failed: ${failed}`));
      };
      waiting.add(wait);
      wait();
    });
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  globalThis.bench = {
    /// When everything was painted, in milliseconds since the navigation, and what was. `answers` is false for a page
    /// that counts nothing.
    async load(answers) {
      await until(() => loaded);
      const whole = ({ from, to, of }) => (from ?? null) === null && (to ?? null) === null && of === loaded.rows;
      const answer = answers ? await until(() => painted.findLast(whole)) : undefined;
      return { ...loaded, hash: answer?.hash };
    },
    /// The longest that one task took the page's thread until it had loaded, and the longest from the first of the tasks
    /// before a frame to that frame's end, in milliseconds; 0 where nothing took 50.
    async longest() {
      // Reports come after the frame that they are of.
      await pause(500);
      const before = tasks.filter(({ startTime }) => startTime < loaded.at);
      const longest = (of) => Math.max(0, ...before.filter(({ type }) => type === of).map(({ duration }) => duration));
      return { task: longest("longtask"), frame: longest("long-animation-frame") };
    },
    /// Asks for each span, given in milliseconds, when the one before was painted.
    async brush(spans) {
      const answers = [];
      for (const [first, end] of spans) {
        const [from, to] = [first * 1_000, end * 1_000];
        const earlier = painted.length;
        const [since, before] = [first, end].map((millis) => new Date(millis).toISOString());
        const query = new URLSearchParams({ since, until: before });
        const asked = performance.now();
        history.replaceState(null, "", `#/overview?${query}`);
        dispatchEvent(new PopStateEvent("popstate", { state: null }));
        const is = (answer, at) => at >= earlier && answer.from === from && answer.to === to;
        const answer = await until(() => painted.find(is));
        answers.push({ took: answer.at - asked, rows: answer.of, hash: answer.hash });
        await pause(0);
      }
      return answers;
    },
    /// Intervals of the page's frames, until `stop` is called.
    frames() {
      const intervals = [];
      let last;
      let going = true;
      const frame = (now) => {
        if (last !== undefined) intervals.push(now - last);
        last = now;
        if (going) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      globalThis.bench.stop = () => {
        going = false;
        return intervals;
      };
    },
  };
}
