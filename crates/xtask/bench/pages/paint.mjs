// The linked views on the screen, alike for all peers: the heatmap and the timeline on canvases, the counts as text in
// elements that stay. Everything is drawn anew for each answer.

const heatmap = document.querySelector("#heatmap");
const histogram = document.querySelector("#histogram");
const counts = document.querySelector("#counts");
const categories = document.querySelector("#categories");
const lists = new Map();

/// @param answer what an engine's `ask` gives; see `views.mjs`
export function paint(answer) {
  const { words, cells, bins } = answer;
  counts.textContent = `${answer.rows} records`;
  const across = words.service.length * words.level.length;
  const [width, height] = [heatmap.width / across, heatmap.height / words.agent.length];
  let most = 1;
  for (const count of cells) most = Math.max(most, count);
  const canvas = heatmap.getContext("2d");
  canvas.clearRect(0, 0, heatmap.width, heatmap.height);
  cells.forEach((count, at) => {
    if (count > 0) {
      canvas.fillStyle = `hsl(220 60% ${90 - Math.round((60 * Math.log(count)) / Math.log(most + 1))}%)`;
      canvas.fillRect((at % across) * width, Math.floor(at / across) * height, width, height);
    }
  });
  bars(bins);
  for (const name of ["agent", "service", "tier", "kind"]) list(name, words[name], answer[name]);
}

function bars(bins) {
  let most = 1;
  for (const count of bins) most = Math.max(most, count);
  const canvas = histogram.getContext("2d");
  canvas.clearRect(0, 0, histogram.width, histogram.height);
  canvas.fillStyle = "hsl(220 60% 40%)";
  const width = histogram.width / bins.length;
  bins.forEach((count, at) => {
    const height = (histogram.height * count) / most;
    canvas.fillRect(at * width, histogram.height - height, width, height);
  });
}

function list(name, words, of) {
  if (!lists.has(name)) {
    lists.set(name, []);
    categories.append(Object.assign(document.createElement("ul"), { id: name }));
  }
  const items = lists.get(name);
  while (items.length < words.length) {
    items.push(document.createElement("li"));
    categories.querySelector(`#${name}`).append(items.at(-1));
  }
  words.forEach((word, at) => {
    items[at].textContent = `${word} ${of[at]}`;
  });
}
