// How attempts ended: a mark and a pattern for each but "succeeded".

const [SUCCEEDED, DROPPED, CANCELLED, RETRIED, TIMED_OUT, FAILED, CRASHED] =
    ["succeeded", "dropped", "cancelled", "retried", "timed out", "failed", "crashed"].map(end => data.ends.indexOf(end));
/** Of those that share a pixel the last one here is shown. */
const BY_SEVERITY = [SUCCEEDED, DROPPED, CANCELLED, RETRIED, TIMED_OUT, FAILED, CRASHED];
const SEVERITY = data.ends.map((_, how) => BY_SEVERITY.indexOf(how));

function endColour(how) {
  return how === CANCELLED ? theme.soft : how === CRASHED ? theme.ink : theme.alarm;
}

/** The mark, centred, as a path of lines. */
function drawMark(context, how, x, y, size, colour) {
  const r = size / 2;
  context.save();
  context.translate(x, y);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = Math.max(1.4, size / 6);
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  if (how === FAILED) {
    context.moveTo(-r, -r);
    context.lineTo(r, r);
    context.moveTo(r, -r);
    context.lineTo(-r, r);
  } else if (how === RETRIED) {
    context.arc(0, 0, r, -0.3, Math.PI * 1.5);
    context.moveTo(-r * 0.1, -r * 1.45);
    context.lineTo(r * 0.55, -r);
    context.lineTo(-r * 0.1, -r * 0.5);
  } else if (how === TIMED_OUT) {
    context.arc(0, 0, r * 1.05, 0, Math.PI * 2);
    context.moveTo(0, -r * 0.6);
    context.lineTo(0, 0);
    context.lineTo(r * 0.5, r * 0.25);
  } else if (how === CANCELLED) {
    context.moveTo(-r, 0);
    context.lineTo(r, 0);
  } else if (how === CRASHED) { // a flash
    context.moveTo(r * 0.35, -r * 1.15);
    context.lineTo(-r * 0.65, r * 0.2);
    context.lineTo(-r * 0.05, r * 0.2);
    context.lineTo(-r * 0.35, r * 1.15);
    context.lineTo(r * 0.65, -r * 0.25);
    context.lineTo(r * 0.05, -r * 0.25);
    context.closePath();
    context.fill();
  }
  context.stroke();
  context.restore();
}

/** The bar of an attempt that is wide enough for its pattern. */
function drawPattern(context, how, colour, x, y, width, height) {
  if (how === SUCCEEDED) {
    context.fillStyle = colour;
    context.fillRect(x, y, width, height);
    return;
  }
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.globalAlpha = how === CANCELLED ? 0.18 : 0.4;
  context.fillStyle = colour;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  context.strokeStyle = endColour(how);
  context.lineWidth = 1.3;
  context.beginPath();
  const step = 6;
  if (how === FAILED || how === CRASHED) {
    for (let s = Math.floor((x - height) / step) * step; s < x + width; s += step) {
      context.moveTo(s, y + height);
      context.lineTo(s + height, y);
      if (how === CRASHED) {
        context.moveTo(s, y);
        context.lineTo(s + height, y + height);
      }
    }
  } else if (how === RETRIED) {
    for (let s = Math.ceil(x / step) * step; s < x + width; s += step) {
      context.moveTo(s, y);
      context.lineTo(s, y + height);
    }
  } else if (how === TIMED_OUT) {
    for (let s = y + 2.5; s < y + height; s += 4) {
      context.moveTo(x, s);
      context.lineTo(x + width, s);
    }
  }
  context.stroke();
  context.lineWidth = 3; // half of it is clipped
  context.setLineDash(how === CANCELLED ? [4, 3] : []);
  context.strokeRect(x, y, width, height);
  context.restore();
}
