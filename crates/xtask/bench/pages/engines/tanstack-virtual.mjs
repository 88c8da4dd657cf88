// TanStack Virtual over the records' table: the rows that are in sight, and a few around, as elements that are used
// again for other records.

import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { streamed } from "../lines.mjs";
import { run } from "../peer.mjs";

/// A row's height, in CSS pixels.
const ROW = 32;
const COLUMNS = [
  ["time", ({ time }) => time],
  ["kind", ({ kind }) => kind],
  ["agent", ({ agent }) => agent.name],
  ["action", ({ action }) => `${action.service}:${action.operation}`],
  ["resource", ({ resources }) => resources[0].uid],
  ["environment", ({ resources }) => resources[0].environment],
  ["tier", ({ risk }) => risk.tier],
  ["outcome", ({ outcome }) => outcome.status],
  ["change", ({ change_id: change }) => change],
];

run({
  async load(source) {
    const all = [];
    await streamed(source, (record) => all.push(record));
    const table = new Table(all);
    table.draw();
    await new Promise(requestAnimationFrame);
    return { rows: all.length };
  },
});

class Table {
  #records;
  #virtualizer;
  #body = box({ position: "relative" });
  /// Row elements by the index that they show, and those that show nothing.
  #shown = new Map();
  #free = [];

  constructor(all) {
    this.#records = all;
    const scroller = box({ height: "800px", overflow: "auto", position: "relative" });
    scroller.dataset.scroll = "";
    scroller.setAttribute("role", "table");
    scroller.append(this.#body);
    document.body.replaceChildren(scroller);
    this.#virtualizer = new Virtualizer({
      count: all.length,
      getScrollElement: () => scroller,
      estimateSize: () => ROW,
      overscan: 8,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.draw(),
    });
    this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
  }

  draw() {
    this.#body.style.height = `${this.#virtualizer.getTotalSize()}px`;
    const items = this.#virtualizer.getVirtualItems();
    const wanted = new Set(items.map(({ index }) => index));
    for (const [index, row] of this.#shown) {
      if (wanted.has(index)) continue;
      this.#shown.delete(index);
      this.#free.push(row);
    }
    for (const { index, start } of items) {
      if (this.#shown.has(index)) continue;
      const row = this.#free.pop() ?? this.#newRow();
      this.#shown.set(index, row);
      row.style.transform = `translateY(${start}px)`;
      COLUMNS.forEach(([, value], at) => {
        row.children[at].textContent = value(this.#records[index]);
      });
    }
    for (const row of this.#free.splice(0)) row.remove();
  }

  #newRow() {
    const row = box({
      display: "grid",
      gridTemplateColumns: `repeat(${COLUMNS.length}, 1fr)`,
      height: `${ROW}px`,
      position: "absolute",
      top: "0",
      width: "100%",
    });
    row.setAttribute("role", "row");
    for (const [name] of COLUMNS) {
      const cell = box({ overflow: "hidden", whiteSpace: "nowrap" });
      cell.setAttribute("role", "cell");
      cell.title = name;
      row.append(cell);
    }
    this.#body.append(row);
    return row;
  }
}

function box(style) {
  const element = document.createElement("div");
  Object.assign(element.style, style);
  return element;
}
