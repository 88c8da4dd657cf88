// Stands in for the app in the driver's own tests: it obeys what the driver expects of the app, and commits the fault
// that its page names. `src/bench/trial.rs` puts it beside the peers' modules that it counts with.

import { byHand } from "./by-hand.mjs";
import { hashOf } from "./hash.mjs";
import { streamed } from "./lines.mjs";

const { fault } = document.documentElement.dataset;
const asked = new URL(location.href).searchParams;
if (asked.get("measure") !== "yes") throw new Error("nobody asked to measure");
/// Of the spans that were asked for.
let count = 0;

const records = [];
const engine = byHand((source, take) =>
  streamed(source, (record) => {
    records.push(record);
    // An answer of what is there so far is no answer of the whole.
    if (records.length === 100) mark(null, null, { rows: 100 }, "0000000000000000");
    take(record);
  }),
);
if (fault === "throws") throw new Error("a fault of the stand-in's own");
await engine.load(asked.get("source"));
if (location.hash.startsWith("#/records")) table();
await paint(null, null);
if (fault !== "silent") {
  const detail = { rows: records.length, quarantined: 0, bytes: 0, ending: "whole" };
  performance.mark("countersign:loaded", { detail });
}
addEventListener("popstate", () => {
  const span = new URLSearchParams(location.hash.split("?")[1]);
  paint(Date.parse(span.get("since")), Date.parse(span.get("until")));
});

async function paint(from, to) {
  // As from a worker, later.
  await new Promise((resolve) => setTimeout(resolve));
  const answer = engine.ask(from, to);
  document.querySelector("#counts").textContent = answer.rows;
  await new Promise(requestAnimationFrame);
  const wrong = fault === "hash" && from !== null && ++count === 3;
  mark(from, to, answer, wrong ? "ffffffffffffffff" : hashOf(answer));
}

function mark(from, to, { rows }, hash) {
  const micros = (millis) => (millis === null ? null : millis * 1_000);
  const detail = { of: rows, all: records.length, hash, from: micros(from), to: micros(to), rows_known: true };
  performance.mark("countersign:painted", { detail });
}

/// Forty rows of 20 px, wherever the table stands.
function table() {
  const scroller = document.createElement("div");
  scroller.dataset.scroll = "";
  Object.assign(scroller.style, { height: "600px", overflow: "auto", position: "relative" });
  const space = document.createElement("div");
  space.style.height = `${records.length * 20}px`;
  scroller.append(space);
  document.body.append(scroller);
  const rows = Array.from({ length: 40 }, () => {
    const row = document.createElement("div");
    row.setAttribute("role", "row");
    Object.assign(row.style, { height: "20px", position: "absolute", top: "0" });
    scroller.append(row);
    return row;
  });
  const draw = () => {
    if (fault === "blank" && scroller.scrollTop > 0) {
      for (const row of rows) row.remove();
      return;
    }
    const first = Math.floor(scroller.scrollTop / 20);
    rows.forEach((row, at) => {
      row.style.transform = `translateY(${(first + at) * 20}px)`;
      row.textContent = records[first + at]?.uid;
    });
  };
  scroller.addEventListener("scroll", draw);
  draw();
}
