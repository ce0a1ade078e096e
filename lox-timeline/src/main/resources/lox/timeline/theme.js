// Colours. Functions have those of Okabe and Ito, which people with any kind of colour vision can tell apart; their
// vermilion is kept for what went wrong. How an attempt ended is told by a pattern and a mark as well.

const FUNCTION_COLOURS = ["#0072b2", "#009e73", "#cc79a7", "#56b4e9", "#f0e442", "#e69f00"];
const OTHER_COLOUR = "#8c939b";

/** Of each function; where there are more than colours, those with the least work share one. */
const functionColours = data.functions.map((_, i) =>
    data.functions.length <= FUNCTION_COLOURS.length || i < FUNCTION_COLOURS.length - 1
        ? FUNCTION_COLOURS[i] : OTHER_COLOUR);
const othersFrom = functionColours.indexOf(OTHER_COLOUR);

const functionNames = data.functions.map(f =>
    data.functions.some(g => g !== f && g.function === f.function) ? f.function + " (" + f.workers + ")" : f.function);

/** Black or white, whichever reads better on the colour. */
function inkOn(colour) {
  const [r, g, b] = [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16) / 255).map(c => c ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.2 ? "#10141a" : "#ffffff";
}

let theme;
function readTheme() {
  const style = getComputedStyle(document.documentElement);
  theme = {};
  for (const name of ["surface", "ink", "soft", "line", "lane", "gone", "queue", "queue-fill", "alarm"]) {
    theme[name] = style.getPropertyValue("--" + name).trim();
  }
  theme.font = getComputedStyle(document.body).fontFamily;
}
readTheme();
