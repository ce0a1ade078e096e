// What stands around the picture, and the start.

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) {
    made.textContent = text;
  }
  if (className) {
    made.className = className;
  }
  return made;
}

/** A small canvas that is drawn as the bars are. */
function swatch(draw) {
  const made = element("canvas");
  const scale = window.devicePixelRatio || 1;
  made.width = 22 * scale;
  made.height = 14 * scale;
  made.style.width = "22px";
  made.style.height = "14px";
  const own = made.getContext("2d");
  own.scale(scale, scale);
  draw(own);
  return made;
}

function functionSwatch(colour) {
  return swatch(own => drawPattern(own, SUCCEEDED, colour, 0, 0, 22, 14));
}

function endSwatch(how) {
  return swatch(own => {
    drawPattern(own, how, OTHER_COLOUR, 0, 0, 22, 14);
    if (how !== SUCCEEDED) {
      own.fillStyle = theme.surface;
      own.fillRect(5, 1.5, 12, 11);
      drawMark(own, how, 11, 7, 7, endColour(how));
    }
  });
}

function legendItem(drawnSwatch, text, count) {
  const item = element("li");
  item.title = text;
  item.append(drawnSwatch, element("span", text), element("span", grouped.format(count), "count"));
  return item;
}

function total(fn) {
  return fn.ends.reduce((sum, count) => sum + count, 0);
}

function drawLegends() {
  const own = othersFrom < 0 ? data.functions.length : othersFrom;
  const items = data.functions.slice(0, own)
      .map((fn, i) => legendItem(functionSwatch(functionColours[i]), functionNames[i], total(fn)));
  if (own < data.functions.length) {
    const others = data.functions.slice(own);
    items.push(legendItem(functionSwatch(OTHER_COLOUR), counted(others.length, "other function"),
        others.reduce((sum, fn) => sum + total(fn), 0)));
  }
  document.getElementById("functions-legend").replaceChildren(...items);
  const ends = data.ends.map((_, how) => data.functions.reduce((sum, fn) => sum + fn.ends[how], 0));
  document.getElementById("ends-legend").replaceChildren(...BY_SEVERITY
      .filter(how => how >= 0 && how !== SUCCEEDED && how !== DROPPED && ends[how] > 0)
      .map(how => legendItem(endSwatch(how), data.ends[how], ends[how])));
}

function writeFigures() {
  const crashes = data.lanes.reduce((sum, lane) => sum + crashesOf(lane).length, 0);
  const figures = [
    [data.tasks === 1 ? "task" : "tasks", grouped.format(data.tasks)],
    ["without a result", grouped.format(data.withoutResult), data.withoutResult > 0],
    ["from first scatter to last end", nanosText(data.ticks)],
    [data.lanes.length === 1 ? "worker" : "workers", grouped.format(data.lanes.length)],
    ["busy", percent(data.busy)],
  ];
  if (queue) {
    figures.push(["waiting at most", grouped.format(queue.greatest)]);
  }
  if (crashes > 0) {
    figures.push([crashes === 1 ? "process crashed" : "processes crashed", grouped.format(crashes), true]);
  }
  document.getElementById("figures").replaceChildren(...figures.map(([name, value, alarm]) => {
    const pair = element("div", undefined, alarm ? "alarm" : "");
    pair.append(element("dt", name), element("dd", value));
    return pair;
  }));
}

function writeFunctions() {
  const head = element("tr");
  head.append(...["function", "workers", "attempts", "succeeded", "median run", "longest run", "median wait"]
      .map(name => element("th", name)));
  const lines = data.functions.slice(0, 100).map((fn, i) => {
    const line = element("tr");
    const name = element("td");
    name.title = fn.function;
    name.append(functionSwatch(functionColours[i]), fn.function);
    line.append(name, ...[
      fn.workers, grouped.format(total(fn)), grouped.format(fn.ends[SUCCEEDED]), duration(fn.medianRunNanos),
      duration(fn.longestRunNanos), fn.medianWaitNanos < 0 ? "not known" : duration(fn.medianWaitNanos),
    ].map(text => element("td", text)));
    return line;
  });
  document.getElementById("functions").replaceChildren(head, ...lines);
}

function writeNotes() {
  if (data.functions.length === 0 && data.lanes.length === 0) {
    document.getElementById("notes").textContent = "Nothing had been recorded when the page was written.";
    return;
  }
  const notes = ["Began " + new Date(data.beganAtMillis).toLocaleString() + "; times are counted from there, when the first task was"
      + " scattered. A task that was still running when the page was written is not in it."];
  if (data.letGo > 0) {
    notes.push(counted(data.letGo, "earlier attempt") + " had been let go by then and are not shown.");
  }
  if (!queue) {
    notes.push("How long tasks waited was not recorded, so there is no queue above the lanes.");
  }
  if (data.functions.length > 100) {
    notes.push("The table has the 100 functions with the most work.");
  }
  document.getElementById("notes").textContent = notes.join(" ");
}

document.body.classList.toggle("empty", data.lanes.length === 0);
placeLanes();
writeFigures();
drawLegends();
writeFunctions();
writeNotes();
listen();
showAddress();
drawFrame();
document.body.dataset.tasks = data.tasks;
document.body.dataset.rows = rowCount;
document.body.dataset.readyMillis = Math.round(performance.now());
