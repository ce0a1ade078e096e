// The attempts of one row. What is two pixels wide or more is a bar; what is less is added up, pixel by pixel: the more
// of a pixel's time was busy, the stronger it is, in the colour of the function that has most of it.

const BAR_PIXELS = 2;
const PATTERN_PIXELS = 6;
const MARK_PIXELS = 28;
const TICK_HEIGHT = 4;

let cover = new Float32Array(0);
let most, mostOf, worst;

function resizePixels(width) {
  if (cover.length < width) {
    cover = new Float32Array(width);
    most = new Float32Array(width);
    mostOf = new Int32Array(width);
    worst = new Uint8Array(width);
  }
}

function firstSeen(list) {
  return firstAfter(list.length, i => attempts.end[list[i]], seen.from - 1e-9);
}

function drawRow(row, y, height, drawn) {
  const list = rows[row];
  const left = size.names;
  const last = size.width - left - 1;
  let lowest = Infinity;
  let highest = -1;
  for (let i = firstSeen(list); i < list.length && attempts.start[list[i]] <= seen.to; i++) {
    const attempt = list[i];
    const from = xOf(attempts.start[attempt]);
    const to = xOf(attempts.end[attempt]);
    drawn.attempts++;
    if (to - from >= BAR_PIXELS) {
      drawn.bars++;
      drawBar(attempt, Math.max(from, left - 8), Math.min(to, size.width + 8), y, height);
    } else {
      const first = Math.min(last, Math.max(0, Math.floor(from - left)));
      lowest = Math.min(lowest, first);
      highest = Math.max(highest, addToPixels(attempt, from - left, to - left, first, last));
    }
  }
  if (highest >= 0) {
    drawn.pixels += drawPixels(lowest, highest, y, height);
  }
}

function addToPixels(attempt, from, to, first, last) {
  const end = Math.max(first, Math.min(last, Math.ceil(to) - 1));
  for (let pixel = first; pixel <= end; pixel++) {
    // Something without a length is there all the same.
    const part = Math.max(0.001, Math.min(to, pixel + 1) - Math.max(from, pixel));
    cover[pixel] += part;
    if (part > most[pixel]) {
      most[pixel] = part;
      mostOf[pixel] = attempts.fn[attempt];
    }
  }
  worst[first] = Math.max(worst[first], SEVERITY[attempts.how[attempt]]);
  return end;
}

/** Neighbours that look the same become one rectangle. Empties the pixels for the next row. */
function drawPixels(lowest, highest, y, height) {
  const strength = pixel => cover[pixel] === 0 ? 0 : 3 + Math.round(Math.min(1, cover[pixel]) * 5);
  let count = 0;
  for (let pixel = lowest; pixel <= highest;) {
    const alpha = strength(pixel);
    const fn = mostOf[pixel];
    let end = pixel + 1;
    while (end <= highest && strength(end) === alpha && (alpha === 0 || mostOf[end] === fn)) {
      end++;
    }
    if (alpha > 0) {
      count += end - pixel;
      context.globalAlpha = alpha / 8;
      context.fillStyle = functionColours[fn];
      context.fillRect(size.names + pixel, y, end - pixel, height);
    }
    pixel = end;
  }
  context.globalAlpha = 1;
  for (let pixel = lowest; pixel <= highest; pixel++) {
    if (worst[pixel] > 0) {
      drawTick(BY_SEVERITY[worst[pixel]], size.names + pixel - 0.5, y, 2, height);
    }
  }
  for (const column of [cover, most, mostOf, worst]) {
    column.fill(0, lowest, highest + 1);
  }
  return count;
}

/** Where there is no room for a pattern: a short line at the upper edge, set off from the bar. */
function drawTick(how, x, y, width, height) {
  const length = Math.min(TICK_HEIGHT, height * 0.4);
  context.fillStyle = theme.surface;
  context.fillRect(x, y, width, length + 1);
  context.fillStyle = endColour(how);
  context.fillRect(x, y, width, length);
}

function drawBar(attempt, from, to, y, height) {
  const how = attempts.how[attempt];
  const colour = functionColours[attempts.fn[attempt]];
  const width = to - from - (to - from > 3 ? 1 : 0); // a gap to the next
  if (how === SUCCEEDED || width < PATTERN_PIXELS) {
    context.fillStyle = colour;
    context.fillRect(from, y, width, height);
    if (how !== SUCCEEDED) {
      drawTick(how, from, y, width, height);
    }
  } else {
    drawPattern(context, how, colour, from, y, width, height);
  }
  // What is partly outside has its text in the part that is seen.
  const left = Math.max(from, size.names);
  const room = Math.min(to, size.width) - left;
  let x = left + 5;
  if (how !== SUCCEEDED && room >= MARK_PIXELS && height >= 10) {
    const mark = Math.min(9, height - 5);
    context.fillStyle = theme.surface;
    context.beginPath();
    context.roundRect(x - 3, y + height / 2 - mark / 2 - 3, mark + 6, mark + 6, 3);
    context.fill();
    drawMark(context, how, x + mark / 2, y + height / 2, mark, endColour(how));
    x += mark + 6;
  }
  if (height >= 13) {
    drawIndex(attempt, how, colour, x, left + room - 4, y + height / 2);
  }
}

function drawIndex(attempt, how, colour, x, right, middle) {
  const text = String(attempts.index[attempt]);
  context.font = font(11);
  const width = context.measureText(text).width;
  if (right - x < width) {
    return;
  }
  if (how === SUCCEEDED) {
    context.fillStyle = inkOn(colour);
  } else { // on a pattern it needs a ground
    context.fillStyle = theme.surface;
    context.fillRect(x - 2, middle - 7, width + 4, 14);
    context.fillStyle = theme.ink;
  }
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, x, middle + 0.5);
}
