// What is under the pointer, in words.

const tip = document.getElementById("tip");
const outline = document.getElementById("outline");

function nanosText(ticks) {
  return duration(ticks * data.tickNanos);
}

/** A point in time, fine enough for what is seen. */
function pointText(tick) {
  const step = Math.max(1, (seen.to - seen.from) * data.tickNanos / 2000);
  return pointFormat(Math.max(1, tick * data.tickNanos), 10 ** Math.floor(Math.log10(step)))(tick * data.tickNanos);
}

/** The attempts of a row that are drawn at x: one that is a bar, or all that share the pixel. */
function attemptsAt(row, x) {
  const list = rows[row];
  const tick = tickOf(x);
  const reach = (seen.to - seen.from) / size.plot;
  const found = [];
  for (let i = firstAfter(list.length, k => attempts.end[list[k]], tick - 1.5 * reach); i < list.length; i++) {
    const attempt = list[i];
    if (attempts.start[attempt] > tick + reach) {
      break;
    }
    if (attempts.start[attempt] <= tick && attempts.end[attempt] >= tick
        && attempts.end[attempt] - attempts.start[attempt] >= BAR_PIXELS * reach) {
      return [attempt];
    }
    found.push(attempt);
  }
  return found;
}

function describeAttempt(attempt) {
  const waited = attempts.start[attempt] - attempts.scattered[attempt];
  return [
    functionNames[attempts.fn[attempt]],
    "task " + grouped.format(attempts.index[attempt])
        + (attempts.tasks[attempt] > 1 ? " and the " + counted(attempts.tasks[attempt] - 1, "task") + " after it" : "")
        + " of batch " + attempts.batchId[attempts.batch[attempt]]
        + (attempts.attempt[attempt] > 1 ? ", attempt " + attempts.attempt[attempt] : ""),
    data.ends[attempts.how[attempt]] + " after " + nanosText(attempts.end[attempt] - attempts.start[attempt]),
    "started at " + pointText(attempts.start[attempt])
        + (Number.isNaN(waited) ? "" : ", had waited " + nanosText(waited)),
  ];
}

function describeAttempts(found) {
  const ends = data.ends.map((end, how) => [end, found.filter(attempt => attempts.how[attempt] === how).length]);
  const functions = [...new Set(found.map(attempt => functionNames[attempts.fn[attempt]]))];
  return [
    counted(found.length, "attempt") + " around " + pointText(attempts.start[found[0]]),
    functions.slice(0, 3).join(", ") + (functions.length > 3 ? ", …" : ""),
    ends.filter(([, count]) => count > 0).map(([end, count]) => grouped.format(count) + " " + end).join(", "),
    "zoom in to tell them apart",
  ];
}

function describeLane(lane) {
  const lines = [lane.worker, "of " + lane.workers + ", busy " + percent(lane.busy)];
  for (const {pid, end, ended} of lane.processes.slice(0, 5)) {
    lines.push("process " + pid + (end === undefined ? "" : ", " + end.toLowerCase() + " at " + pointText(ended)));
  }
  if (lane.processes.length > 5) {
    lines.push("and " + grouped.format(lane.processes.length - 5) + " more");
  }
  return lines;
}

function describe(x, y) {
  const row = rowAt(y);
  if (row !== undefined) {
    const found = x >= size.names ? attemptsAt(row, x) : [];
    const lane = rowPlaces[row].place.lane;
    if (found.length > 0) {
      showOutline(row, found);
    }
    return found.length === 0 ? describeLane(lane)
        : [...(found.length === 1 ? describeAttempt(found[0]) : describeAttempts(found)), lane.worker];
  }
  if (queue && x >= size.names && y >= OVERVIEW_HEIGHT && y < OVERVIEW_HEIGHT + QUEUE_HEIGHT) {
    const at = firstAfter(queue.times.length, i => queue.times[i], tickOf(x)) - 1;
    return [counted(at < 0 ? 0 : queue.depths[at], "task") + " waiting", "at " + pointText(tickOf(x))];
  }
  return null;
}

/** Around the attempts that the words are about. */
function showOutline(row, found) {
  const from = Math.max(size.names, xOf(attempts.start[found[0]]));
  const to = Math.min(size.width, Math.max(from + 2, xOf(attempts.end[found[found.length - 1]])));
  Object.assign(outline.style, {
    left: from - 2 + "px", width: to - from + 4 + "px",
    top: TOP + rowPlaces[row].y - 2 + "px", height: rowPlaces[row].height + 4 + "px",
  });
  outline.hidden = false;
}

function showTip(event) {
  outline.hidden = true;
  const place = canvas.getBoundingClientRect();
  const lines = describe(event.clientX - place.left, event.clientY - place.top);
  if (!lines) {
    hideTip();
    return;
  }
  tip.replaceChildren(...lines.map((line, i) => {
    const element = document.createElement(i === 0 ? "b" : "span");
    element.className = i === lines.length - 1 ? "soft" : "";
    element.textContent = line;
    return element;
  }));
  tip.hidden = false;
  const x = event.clientX + 16 + tip.offsetWidth > window.innerWidth ? event.clientX - 16 - tip.offsetWidth : event.clientX + 16;
  const y = Math.min(event.clientY + 14, window.innerHeight - tip.offsetHeight - 8);
  tip.style.left = Math.max(4, x) + "px";
  tip.style.top = Math.max(4, y) + "px";
}

function hideTip() {
  tip.hidden = true;
  outline.hidden = true;
}
