// The colours of a program, and its faults.

const PIECES = {
  rasp: /(?<comment>#[^\n]*)|(?<string>"[^"\n]*"?)|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z_]\w*)/g,
  "rasp-l": /(?<comment>#[^\n]*)|(?<string>"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(?<number>\d+(?:\.\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_]*)/gu,
};

/** The kind of each word of a language, from the lists of the server. */
export function vocabulary(words) {
  const kinds = new Map();
  for (const kind of ["library", "constant", "keyword"]) words[kind].forEach((word) => kinds.set(word, kind));
  return kinds;
}

/** Pieces of a text that have a colour: [start, end, class], in order. */
export function coloured(text, dialect, kinds) {
  const found = [];
  for (const match of text.matchAll(PIECES[dialect])) {
    const [group] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    const kind = group === "word" ? kinds.get(match[0]) : group;
    if (kind) found.push([match.index, match.index + match[0].length, `t-${kind}`]);
  }
  return found;
}

/** A text as nodes: spans where it has a colour or a fault (both where both are). */
export function painted(text, colours, faults) {
  const cuts = new Set([0, text.length]);
  for (const [start, end] of [...colours, ...faults]) cuts.add(Math.min(start, text.length)).add(Math.min(end, text.length));
  const places = [...cuts].sort((a, b) => a - b);
  const fragment = document.createDocumentFragment();
  let colour = 0;
  for (let at = 0; at + 1 < places.length; at++) {
    const [start, end] = [places[at], places[at + 1]];
    while (colour < colours.length && colours[colour][1] <= start) colour++;
    const classes = faults.filter(([from, to]) => from <= start && end <= to).map(([, , name]) => name);
    if (colour < colours.length && colours[colour][0] <= start) classes.push(colours[colour][2]);
    const piece = document.createTextNode(text.slice(start, end));
    if (!classes.length) fragment.append(piece);
    else {
      const span = document.createElement("span");
      span.className = classes.join(" ");
      span.append(piece);
      fragment.append(span);
    }
  }
  fragment.append("\n"); // else a last empty line has no height
  return fragment;
}
