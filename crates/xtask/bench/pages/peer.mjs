// A peer's page: loads the records with an engine, paints all views, and then every span that the address's fragment
// comes to name, as the app does. What it did when, and what it counted, is in User Timing marks of the app's form:
// `peer:loaded` and `peer:painted`. Engines are in `engines`, painting in `paint.mjs`.

import { hashOf } from "./hash.mjs";
import { paint } from "./paint.mjs";

/// @param engine `load(source)` reads the records and says what it read; `ask(from, to)`, if it has one, answers as
/// `views.mjs` says, at once or later
export async function run(engine) {
  try {
    const loaded = await engine.load(new URL(location.href).searchParams.get("source"));
    if (!engine.ask) {
      performance.mark("peer:loaded", { detail: { rows: null, ...loaded } });
      return;
    }
    const all = await show(engine, null, null, undefined);
    performance.mark("peer:loaded", { startTime: all.at, detail: { rows: all.rows } });
    addEventListener("popstate", () => {
      const asked = new URLSearchParams(location.hash.split("?")[1]);
      const [from, to] = [Date.parse(asked.get("since")), Date.parse(asked.get("until"))];
      show(engine, from, to, all.rows).catch(fail);
    });
  } catch (error) {
    fail(error);
  }
}

/// From the question, in milliseconds or null, to the frame that has the answer in it. The hash is taken afterwards.
async function show(engine, from, to, known) {
  const answer = await engine.ask(from, to);
  paint(answer);
  const at = await new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
  const detail = {
    of: answer.rows,
    all: known ?? answer.rows,
    hash: hashOf(answer),
    from: from === null ? null : from * 1000,
    to: to === null ? null : to * 1000,
  };
  performance.mark("peer:painted", { startTime: at, detail });
  return { at, rows: answer.rows };
}

function fail(error) {
  performance.mark("peer:failed", { detail: { reason: String(error) } });
}
