// One picture of what is seen now.

/** What the last picture holds, for those who ask the page. */
let drawn = {attempts: 0, bars: 0, pixels: 0};

function drawFrame() {
  resize();
  resizePixels(size.width);
  drawn = {attempts: 0, bars: 0, pixels: 0};
  context.setTransform(size.scale, 0, 0, size.scale, 0, 0);
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, size.width, size.height);
  const marks = timeMarks();
  drawLanes(marks);
  // The names, and what is above the lanes, lie over what the lanes draw too far.
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, size.width, TOP);
  drawQueue();
  drawAxis(marks);
  drawCrashesOnAxis();
  drawOverview();
  document.body.dataset.attempts = drawn.attempts;
  document.body.dataset.bars = drawn.bars;
  document.body.dataset.pixels = drawn.pixels;
}

/** The times at which a line is drawn, and how they are written. */
function timeMarks() {
  const nanosSeen = (seen.to - seen.from) * data.tickNanos;
  const perPixel = nanosSeen / size.plot;
  context.font = font(11);
  let step = Math.max(1, roundStep(perPixel * 70));
  let format = pointFormat(seen.to * data.tickNanos, step);
  const room = context.measureText(format(seen.to * data.tickNanos)).width + 26;
  step = Math.max(1, roundStep(perPixel * room));
  format = pointFormat(seen.to * data.tickNanos, step);
  const marks = [];
  for (let i = Math.max(0, Math.ceil(seen.from * data.tickNanos / step - 1e-9)); i * step <= seen.to * data.tickNanos; i++) {
    marks.push({x: xOf(i * step / data.tickNanos), text: format(i * step)});
  }
  return marks;
}

function drawLanes(marks) {
  const scrolled = view.scrollTop;
  const bottom = scrolled + size.height - TOP;
  const seenLanes = lanes.filter(place => place.y < bottom && place.y + place.height > scrolled);
  for (const place of seenLanes) {
    drawGround(place, TOP - scrolled + place.y);
  }
  context.fillStyle = theme.line;
  for (const mark of marks) {
    context.fillRect(Math.round(mark.x), TOP, 1, size.height - TOP);
  }
  for (const place of seenLanes) {
    for (let row = place.firstRow; row < place.firstRow + place.lane.rows; row++) {
      const {y, height} = rowPlaces[row];
      if (y < bottom && y + height > scrolled) {
        drawRow(row, TOP - scrolled + y, height, drawn);
      }
    }
    drawCrashes(place, TOP - scrolled + place.y);
  }
  context.fillStyle = theme.surface;
  context.fillRect(0, TOP, size.names, size.height - TOP);
  for (const place of seenLanes) {
    drawName(place, TOP - scrolled + place.y);
  }
  for (const group of groups) {
    if (group.y < bottom && group.y + GROUP_HEIGHT > scrolled) {
      drawGroup(group, TOP - scrolled + group.y);
    }
  }
}

/** The time in which the worker was there. */
function drawGround(place, y) {
  const spans = place.lane.processes.length > 0 ? place.lane.processes : [{}];
  context.fillStyle = theme.lane;
  for (const {started = 0, ended = fullRange} of spans) {
    const from = Math.max(size.names, xOf(started));
    const to = Math.min(size.width, xOf(ended));
    context.fillRect(from, y, Math.max(0, to - from), place.height);
  }
}

function crashesOf(lane) {
  return lane.processes.filter(process => process.end === "CRASHED");
}

/** Where worker processes crashed. */
function drawCrashes(place, y) {
  for (const crashed of crashesOf(place.lane)) {
    const x = xOf(crashed.ended);
    if (x >= size.names && x <= size.width + 10) {
      drawCrash(x, y + Math.min(place.height, 24) / 2);
      context.fillStyle = theme.alarm;
      context.fillRect(x - 1, y, 2, place.height);
    }
  }
}

function drawCrash(x, y) {
  const right = Math.min(x + 12, size.width - 9);
  context.fillStyle = theme.alarm;
  context.beginPath();
  context.arc(right, y, 8, 0, Math.PI * 2);
  context.fill();
  drawMark(context, CRASHED, right, y, 8, "#ffffff");
}

function drawName(place, y) {
  const middle = y + Math.min(place.height, 24) / 2 + 0.5;
  context.textBaseline = "middle";
  context.font = nameFont();
  context.textAlign = "right";
  context.fillStyle = theme.soft;
  context.fillText(percent(place.lane.busy), size.names - 8, middle);
  context.textAlign = "left";
  context.fillStyle = theme.ink;
  context.fillText(fitted(context, place.lane.worker, size.names - 58), 8, middle);
}

function drawGroup(group, y) {
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.font = font(12, "600");
  context.fillStyle = theme.ink;
  context.fillText(group.workers, 8, y + GROUP_HEIGHT / 2 + 1);
}

function drawAxis(marks) {
  const y = OVERVIEW_HEIGHT + QUEUE_HEIGHT;
  context.font = font(11);
  context.textBaseline = "middle";
  context.textAlign = "center";
  for (const mark of marks) {
    const half = context.measureText(mark.text).width / 2;
    context.fillStyle = theme.line;
    context.fillRect(Math.round(mark.x), TOP - 5, 1, 5);
    context.fillStyle = theme.soft;
    const x = Math.min(Math.max(mark.x, size.names + half + 1), size.width - half - 3);
    context.fillText(mark.text, x, y + AXIS_HEIGHT / 2 - 1);
  }
  context.fillStyle = theme.line;
  context.fillRect(0, TOP - 1, size.width, 1);
  context.textAlign = "right";
  context.fillStyle = theme.soft;
  context.fillText("busy", size.names - 8, y + AXIS_HEIGHT / 2 - 1);
  context.textAlign = "left";
  context.fillText("worker", 8, y + AXIS_HEIGHT / 2 - 1);
}

/** Also above the lanes, since they may not all be seen. */
function drawCrashesOnAxis() {
  context.fillStyle = theme.alarm;
  for (const crashed of data.lanes.flatMap(crashesOf)) {
    const x = xOf(crashed.ended);
    if (x >= size.names && x <= size.width) {
      context.beginPath();
      context.moveTo(x, TOP - 1);
      context.lineTo(x - 5, TOP - 9);
      context.lineTo(x + 5, TOP - 9);
      context.fill();
    }
  }
}

function drawQueue() {
  if (!queue) {
    return;
  }
  const top = OVERVIEW_HEIGHT + 8;
  const floor = OVERVIEW_HEIGHT + QUEUE_HEIGHT;
  const perTask = (floor - top) / Math.max(1, queue.greatest);
  const yOf = depth => floor - depth * perTask;
  context.save();
  context.beginPath();
  context.rect(size.names, 0, size.width - size.names, floor);
  context.clip();
  let at = firstAfter(queue.times.length, i => queue.times[i], seen.from) - 1;
  let depth = at >= 0 ? queue.depths[at] : 0;
  context.beginPath();
  context.moveTo(size.names, floor);
  context.lineTo(size.names, yOf(depth));
  // A pixel's greatest and last depth: a path through a hundred thousand changes would take long, and show no more.
  for (at++; at < queue.times.length && queue.times[at] <= seen.to;) {
    const x = Math.floor(xOf(queue.times[at]));
    let greatest = depth;
    context.lineTo(x, yOf(depth));
    for (; at < queue.times.length && Math.floor(xOf(queue.times[at])) === x; at++) {
      depth = queue.depths[at];
      greatest = Math.max(greatest, depth);
    }
    context.lineTo(x, yOf(greatest));
    context.lineTo(x, yOf(depth));
  }
  context.lineTo(size.width, yOf(depth));
  context.lineTo(size.width, floor);
  context.fillStyle = theme["queue-fill"];
  context.fill();
  context.strokeStyle = theme.queue;
  context.lineWidth = 1.2;
  context.stroke();
  context.restore();
  context.fillStyle = theme.line;
  context.fillRect(0, floor, size.width, 1);
  context.font = font(12);
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillStyle = theme.ink;
  context.fillText("waiting", 8, (top + floor) / 2);
  context.font = font(11);
  context.textAlign = "right";
  context.fillStyle = theme.soft;
  context.fillText(grouped.format(queue.greatest), size.names - 8, top + 4);
  context.fillText("0", size.names - 8, floor - 7);
}

/** Which part of the run is seen. */
function drawOverview() {
  const width = size.plot;
  context.fillStyle = theme.lane;
  context.fillRect(size.names, 0, width, OVERVIEW_HEIGHT - 2);
  context.fillStyle = theme.queue;
  const from = seen.from / fullRange * width;
  const to = seen.to / fullRange * width;
  context.fillRect(size.names + Math.min(from, width - 4), 0, Math.max(4, to - from), OVERVIEW_HEIGHT - 2);
}
