// Where everything is, in CSS pixels: above the lanes the window's place in the run, the queue, and the axis; at the left the names.

const OVERVIEW_HEIGHT = 8;
const QUEUE_HEIGHT = queue ? 64 : 0;
const AXIS_HEIGHT = 24;
const TOP = OVERVIEW_HEIGHT + QUEUE_HEIGHT + AXIS_HEIGHT;
const GROUP_HEIGHT = 24;
const LANE_GAP = 4;
const RIGHT_MARGIN = 10;

const view = document.getElementById("view");
const canvas = document.getElementById("canvas");
const context = canvas.getContext("2d");
const fullRange = data.ticks > 0 ? data.ticks : 1;
/** What is seen of the run, in ticks. */
const seen = {from: 0, to: fullRange};
/** Set anew by {@link resize}. */
const size = {width: 0, height: 0, names: 0, plot: 0, scale: 1};

/** Lanes with the place of each, from the top of the first; a name above the lanes of each Workers where there are several. */
const severalWorkers = new Set(data.lanes.map(lane => lane.workers)).size > 1;
const lanes = [];
const groups = [];
/** The place and the height of each row, and its lane. */
const rowPlaces = [];
let lanesHeight = 0;

function placeLanes() {
  const base = data.lanes.length <= 12 ? 24 : data.lanes.length <= 40 ? 18 : 14;
  let y = LANE_GAP;
  let workers;
  for (const lane of data.lanes) {
    if (severalWorkers && lane.workers !== workers) {
      groups.push({workers: lane.workers, y});
      y += GROUP_HEIGHT;
    }
    workers = lane.workers;
    const rowHeight = lane.rows === 1 ? base : lane.rows <= 3 ? Math.round(base * 0.7) : 7;
    const place = {lane, y, height: lane.rows * rowHeight, firstRow: rowPlaces.length};
    for (let i = 0; i < lane.rows; i++) {
      rowPlaces.push({y: y + i * rowHeight, height: rowHeight - (lane.rows > 1 && i < lane.rows - 1 ? 1 : 0), place});
    }
    lanes.push(place);
    y += place.height + LANE_GAP;
  }
  lanesHeight = y;
}

function font(pixels, weight) {
  return (weight || "") + " " + pixels + "px " + theme.font;
}

function nameFont() {
  return font(data.lanes.length <= 40 ? 12 : 11);
}

/** Gives the canvas the size of its view. True if that has changed. */
function resize() {
  const whole = TOP + lanesHeight;
  const height = Math.min(whole, Math.max(360, window.innerHeight - view.offsetTop - 18));
  view.style.height = height + 2 + "px"; // its border
  const width = view.clientWidth;
  const scale = window.devicePixelRatio || 1;
  if (width === size.width && height === size.height && scale === size.scale) {
    return false;
  }
  Object.assign(size, {width, height, scale});
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = width + "px";
  canvas.style.height = height + "px";
  document.getElementById("spacer").style.height = whole - height + "px";
  context.font = nameFont();
  const longest = lanes.reduce((most, place) => Math.max(most, context.measureText(place.lane.worker).width), 0);
  size.names = Math.round(Math.min(Math.max(96, longest + 62), 250, width * 0.35));
  size.plot = Math.max(1, size.width - size.names - RIGHT_MARGIN);
  return true;
}

function xOf(tick) {
  return size.names + (tick - seen.from) * size.plot / (seen.to - seen.from);
}

function tickOf(x) {
  return seen.from + (x - size.names) * (seen.to - seen.from) / size.plot;
}

/** The row at a height of the canvas; undefined where there is none. */
function rowAt(y) {
  const inLanes = y - TOP + view.scrollTop;
  if (y < TOP) {
    return undefined;
  }
  const row = firstAfter(rowPlaces.length, i => rowPlaces[i].y, inLanes) - 1;
  return row >= 0 && inLanes < rowPlaces[row].y + rowPlaces[row].height ? row : undefined;
}
