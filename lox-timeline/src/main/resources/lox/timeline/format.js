// Numbers, times and names as text.

const grouped = new Intl.NumberFormat("en");
const UNITS = [["s", 1e9], ["ms", 1e6], ["µs", 1e3], ["ns", 1]];

/** A duration with three digits: 1.23 ms. */
function duration(nanos) {
  const [unit, size] = UNITS.find(([, size]) => nanos >= size * 0.9995) || UNITS[3];
  const value = nanos / size;
  const digits = size === 1 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return value.toLocaleString("en", {minimumFractionDigits: digits, maximumFractionDigits: digits}) + " " + unit;
}

function pad(number) {
  return String(number).padStart(2, "0");
}

/** Formats points in time of one axis alike: their unit from the latest, their decimals from the step between them. */
function pointFormat(latestNanos, stepNanos) {
  if (latestNanos >= 600e9 && stepNanos >= 1e9) {
    return nanos => {
      const seconds = Math.round(nanos / 1e9);
      const minutes = Math.floor(seconds / 60);
      return minutes < 60
        ? minutes + ":" + pad(seconds % 60)
        : Math.floor(minutes / 60) + ":" + pad(minutes % 60) + ":" + pad(seconds % 60);
    };
  }
  const [unit, size] = UNITS.find(([, size]) => latestNanos >= size) || UNITS[3];
  const decimals = Math.min(9, Math.max(0, Math.ceil(-Math.log10(stepNanos / size) - 1e-9)));
  const format = new Intl.NumberFormat("en", {minimumFractionDigits: decimals, maximumFractionDigits: decimals});
  return nanos => format.format(nanos / size) + " " + unit;
}

/** The least round step that is at least this long. */
function roundStep(nanos) {
  const clock = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400];
  if (nanos > 1e9 && nanos <= 86400e9) {
    return clock.find(seconds => seconds * 1e9 >= nanos) * 1e9;
  }
  const power = 10 ** Math.floor(Math.log10(nanos));
  return [1, 2, 5, 10].map(factor => factor * power).find(step => step >= nanos * 0.999999);
}

function counted(count, noun) {
  return grouped.format(count) + " " + noun + (count === 1 ? "" : "s");
}

function percent(share) {
  return Math.round(share * 100) + "%";
}

/** Shortens a text in front: names end in what tells them apart. */
function fitted(context, text, width) {
  if (context.measureText(text).width <= width) {
    return text;
  }
  let from = 1;
  while (from < text.length && context.measureText("…" + text.slice(from)).width > width) {
    from++;
  }
  return "…" + text.slice(from);
}
