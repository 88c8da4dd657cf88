// NDJSON by `JSON.parse`, a line at a time: what several peers read the records with.

/// Gives `take` every record of the body as it arrives, without the trailer.
export async function streamed(source, take) {
  const response = await fetch(source);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    rest = lines(rest + part.value, take);
  }
  if (rest) one(rest, take);
}

/// The same when the whole body is there as one text.
export async function whole(source, take) {
  const rest = lines(await (await fetch(source)).text(), take);
  if (rest) one(rest, take);
}

/// What is left after the last line that has its end.
function lines(text, take) {
  let from = 0;
  for (let to = text.indexOf("\n"); to !== -1; to = text.indexOf("\n", from)) {
    one(text.slice(from, to), take);
    from = to + 1;
  }
  return text.slice(from);
}

function one(line, take) {
  const record = JSON.parse(line);
  if (record.trailer === undefined) take(record);
}
