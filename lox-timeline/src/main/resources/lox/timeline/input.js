// Zooming and panning: wheel, pointer, keys, buttons, and the fragment of the address, which a reader can pass on.

const LEAST_RANGE = Math.max(20 / data.tickNanos, Math.min(10, fullRange));
let frameAsked = false;

function redraw() {
  if (!frameAsked) {
    frameAsked = true;
    requestAnimationFrame(() => {
      frameAsked = false;
      drawFrame();
    });
  }
}

function show(from, to) {
  const range = Math.min(fullRange, Math.max(LEAST_RANGE, to - from));
  const middle = (from + to) / 2;
  seen.from = Math.min(Math.max(0, middle - range / 2), fullRange - range);
  seen.to = seen.from + range;
  const all = range >= fullRange;
  const step = range * data.tickNanos / 200;
  const format = pointFormat(seen.to * data.tickNanos, Math.max(1, 10 ** Math.floor(Math.log10(step))));
  document.getElementById("range").textContent =
      all ? "all of it, " + nanosText(fullRange) : format(seen.from * data.tickNanos) + " to "
          + format(seen.to * data.tickNanos) + " (" + nanosText(range) + ")";
  redraw();
}

/** Keeps the address with the range, so that a link leads there. Not while it changes quickly. */
let addressTimer;
function keepAddress() {
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => {
    const all = seen.to - seen.from >= fullRange;
    const seconds = tick => Number((tick * data.tickNanos / 1e9).toPrecision(9));
    history.replaceState(null, "", all ? "#" : "#" + seconds(seen.from) + "-" + seconds(seen.to));
  }, 300);
}

function showAddress() {
  const range = /^#([\d.]+(?:e-?\d+)?)-([\d.]+(?:e-?\d+)?)$/.exec(location.hash);
  if (range) {
    show(range[1] * 1e9 / data.tickNanos, range[2] * 1e9 / data.tickNanos);
  } else {
    show(0, fullRange);
  }
}

function zoom(factor, x) {
  const tick = x === undefined ? (seen.from + seen.to) / 2 : Math.min(Math.max(tickOf(x), seen.from), seen.to);
  const range = Math.min(fullRange, Math.max(LEAST_RANGE, (seen.to - seen.from) * factor));
  const part = (tick - seen.from) / (seen.to - seen.from);
  show(tick - part * range, tick - part * range + range);
  keepAddress();
}

function pan(part) {
  const by = (seen.to - seen.from) * part;
  show(seen.from + by, seen.to + by);
  keepAddress();
}

function listen() {
  let dragged = null;
  view.addEventListener("wheel", event => {
    const x = event.clientX - canvas.getBoundingClientRect().left;
    if (x < size.names && !event.ctrlKey) {
      return; // over the names it scrolls
    }
    event.preventDefault();
    hideTip();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const across = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    if (Math.abs(across) > Math.abs(event.deltaY) || event.shiftKey) {
      pan(across * lines / size.plot);
    } else {
      zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY * lines)) * 0.005), x);
    }
  }, {passive: false});
  view.addEventListener("pointerdown", event => {
    if (event.button === 0 && event.target === canvas) {
      dragged = {x: event.clientX, y: event.clientY, scrollTop: view.scrollTop, from: seen.from, to: seen.to};
      canvas.setPointerCapture(event.pointerId);
    }
  });
  view.addEventListener("pointermove", event => {
    if (!dragged) {
      showTip(event);
      return;
    }
    hideTip();
    view.classList.add("dragging");
    const by = (dragged.x - event.clientX) * (dragged.to - dragged.from) / size.plot;
    view.scrollTop = dragged.scrollTop + dragged.y - event.clientY;
    show(dragged.from + by, dragged.to + by);
    keepAddress();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    view.addEventListener(end, () => {
      dragged = null;
      view.classList.remove("dragging");
    });
  }
  view.addEventListener("pointerleave", hideTip);
  view.addEventListener("dblclick", event => zoom(0.4, event.clientX - canvas.getBoundingClientRect().left));
  view.addEventListener("scroll", redraw);
  view.addEventListener("keydown", onKey);
  document.getElementById("zoom-in").addEventListener("click", () => zoom(0.5));
  document.getElementById("zoom-out").addEventListener("click", () => zoom(2));
  document.getElementById("zoom-all").addEventListener("click", () => zoom(Infinity));
  window.addEventListener("hashchange", showAddress);
  window.addEventListener("resize", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readTheme();
    drawLegends();
    redraw();
  });
}

function onKey(event) {
  const keys = {
    ArrowLeft: () => pan(-0.15), ArrowRight: () => pan(0.15),
    ArrowUp: () => { view.scrollTop -= 60; }, ArrowDown: () => { view.scrollTop += 60; },
    "+": () => zoom(0.6), "=": () => zoom(0.6), "-": () => zoom(1 / 0.6), "0": () => zoom(Infinity),
    Home: () => pan(-Infinity), End: () => pan(Infinity),
  };
  if (keys[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    hideTip();
    keys[event.key]();
  }
}
