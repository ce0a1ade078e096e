// The columns of the page's data as typed arrays. Times are ticks from the run's beginning.

function sums(deltas) {
  const values = new Float64Array(deltas.length);
  let sum = 0;
  for (let i = 0; i < deltas.length; i++) {
    if (deltas[i] === null) {
      values[i] = NaN; // not known
    } else {
      sum += deltas[i];
      values[i] = sum;
    }
  }
  return values;
}

function repeated(runs, length) {
  const values = new Int32Array(length);
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    values.fill(runs[i], at, at + runs[i + 1]);
    at += runs[i + 1];
  }
  return values;
}

// Loops, not Array.from with a function: that takes several times as long.
function decode(data) {
  const columns = data.attempts;
  const count = columns.startDelta.length;
  const start = sums(columns.startDelta);
  const batch = repeated(columns.batchRuns, count);
  const batchId = sums(data.batches.idDelta);
  const functionOfBatch = repeated(data.batches.functionRuns, batchId.length);
  const lastIndex = new Float64Array(batchId.length);
  const end = new Float64Array(count);
  const index = new Float64Array(count);
  const fn = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    end[i] = start[i] + columns.ran[i];
    index[i] = lastIndex[batch[i]] += columns.indexDeltaInBatch[i];
    fn[i] = functionOfBatch[batch[i]];
  }
  return {
    count, start, end, index, fn, batch, batchId,
    row: new Int32Array(columns.row),
    scattered: sums(columns.scatteredDelta),
    attempt: repeated(columns.attemptRuns, count),
    tasks: repeated(columns.tasksRuns, count),
    how: repeated(columns.endRuns, count),
  };
}

/** The attempts of each row, in the order of their starts; within a row none begins before the last one has ended. */
function byRow(row, rowCount) {
  const sizes = new Int32Array(rowCount);
  for (let i = 0; i < row.length; i++) {
    sizes[row[i]]++;
  }
  const rows = Array.from(sizes, size => new Int32Array(size));
  sizes.fill(0);
  for (let i = 0; i < row.length; i++) {
    rows[row[i]][sizes[row[i]]++] = i;
  }
  return rows;
}

/** The times of the attempts whose wait is known, and of what was dropped, in order. */
function timesOfWaiting(ofAttempts, ofDropped) {
  const times = new Float64Array(ofAttempts.length + ofDropped.length);
  let count = 0;
  for (let i = 0; i < ofAttempts.length; i++) {
    if (!Number.isNaN(attempts.scattered[i])) {
      times[count++] = ofAttempts[i];
    }
  }
  times.set(ofDropped, count);
  return times.subarray(0, count + ofDropped.length).sort();
}

/** How many tasks wait: the times when that changes, and how many from then on. Null if no wait is known. */
function queueDepth(dropped) {
  const begins = timesOfWaiting(attempts.scattered, sums(dropped.scatteredDelta));
  const ends = timesOfWaiting(attempts.start, sums(dropped.startDelta));
  if (begins.length === 0) {
    return null;
  }
  const times = new Float64Array(begins.length * 2);
  const depths = new Int32Array(begins.length * 2);
  let changes = 0;
  let greatest = 0;
  for (let begun = 0, ended = 0; ended < ends.length; changes++) {
    const now = begun < begins.length ? Math.min(begins[begun], ends[ended]) : ends[ended];
    while (begun < begins.length && begins[begun] === now) begun++;
    while (ended < ends.length && ends[ended] === now) ended++;
    times[changes] = now;
    depths[changes] = begun - ended;
    greatest = Math.max(greatest, begun - ended);
  }
  return {times: times.subarray(0, changes), depths, greatest};
}

/** The first place in the sorted list whose value is greater. */
function firstAfter(length, valueAt, value) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (valueAt(middle) > value) high = middle; else low = middle + 1;
  }
  return low;
}

const data = JSON.parse(document.getElementById("data").textContent);
const attempts = decode(data);
const rowCount = data.lanes.reduce((sum, lane) => sum + lane.rows, 0);
const rows = byRow(attempts.row, rowCount);
const queue = queueDepth(data.dropped);
