// NDJSON by `JSON.parse`, as it arrives: what several peers read the records with.

/// Gives `take` every record of the stream, without the trailer.
export async function records(source, take) {
  const response = await fetch(source);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const text = rest + part.value;
    let from = 0;
    for (let to = text.indexOf("\n"); to !== -1; to = text.indexOf("\n", from)) {
      one(text.slice(from, to), take);
      from = to + 1;
    }
    rest = text.slice(from);
  }
  if (rest) one(rest, take);
}

function one(line, take) {
  const record = JSON.parse(line);
  if (record.trailer === undefined) take(record);
}
