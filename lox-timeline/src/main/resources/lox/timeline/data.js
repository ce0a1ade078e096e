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

function decode(data) {
  const columns = data.attempts;
  const count = columns.startDelta.length;
  const start = sums(columns.startDelta);
  const end = Float64Array.from(columns.ran, (ran, i) => start[i] + ran);
  const batch = repeated(columns.batchRuns, count);
  const batchId = sums(data.batches.idDelta);
  const functionOfBatch = repeated(data.batches.functionRuns, batchId.length);
  const lastIndex = new Float64Array(batchId.length);
  const index = Float64Array.from(columns.indexDeltaInBatch, (delta, i) => (lastIndex[batch[i]] += delta));
  return {
    count, start, end, index, batch, batchId,
    row: Int32Array.from(columns.row),
    fn: Int32Array.from(batch, b => functionOfBatch[b]),
    scattered: sums(columns.scatteredDelta),
    attempt: repeated(columns.attemptRuns, count),
    tasks: repeated(columns.tasksRuns, count),
    how: repeated(columns.endRuns, count),
  };
}

/** The attempts of each row, in the order of their starts; within a row none begins before the last one has ended. */
function byRow(attempts, rowCount) {
  const sizes = new Int32Array(rowCount);
  attempts.row.forEach(row => sizes[row]++);
  const rows = Array.from(sizes, size => new Int32Array(size));
  sizes.fill(0);
  attempts.row.forEach((row, i) => { rows[row][sizes[row]++] = i; });
  return rows;
}

/** How many tasks wait: the times when that changes, and how many from then on. Null if no wait is known. */
function queueDepth(attempts, dropped) {
  const droppedStart = sums(dropped.startDelta);
  const known = i => !Number.isNaN(attempts.scattered[i]);
  const ends = Float64Array.from([...attempts.start.filter((_, i) => known(i)), ...droppedStart]).sort();
  const begins =
      Float64Array.from([...attempts.scattered.filter((_, i) => known(i)), ...sums(dropped.scatteredDelta)]).sort();
  if (begins.length === 0) {
    return null;
  }
  const times = [];
  const depths = [];
  let greatest = 0;
  for (let begun = 0, ended = 0; ended < ends.length;) {
    const now = begun < begins.length ? Math.min(begins[begun], ends[ended]) : ends[ended];
    while (begun < begins.length && begins[begun] === now) begun++;
    while (ended < ends.length && ends[ended] === now) ended++;
    times.push(now);
    depths.push(begun - ended);
    greatest = Math.max(greatest, begun - ended);
  }
  return {times, depths, greatest};
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
const rows = byRow(attempts, rowCount);
const queue = queueDepth(attempts, data.dropped);
