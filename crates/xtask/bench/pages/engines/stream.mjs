// The bare stream: the body is read to its end and nothing is made of it. No page can load faster.

import { run } from "../peer.mjs";

run({
  async load(source) {
    const response = await fetch(source);
    const reader = response.body.getReader();
    let bytes = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
    const expected = Number(response.headers.get("content-length"));
    if (bytes !== expected) throw new Error(`${bytes} bytes came instead of ${expected}`);
    return { bytes };
  },
});
